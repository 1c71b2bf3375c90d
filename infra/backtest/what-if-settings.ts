import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { CommandError } from "../cli/command-line.ts";
import { fileFaults } from "../config/file-faults.ts";

/** Fields of the settings; of `scoring` and `kiro`, single numbers may be given. */
const Override = z.looseObject({
  scoring: z.looseObject({}).optional(),
  kiro: z.looseObject({}).optional(),
});

/**
 * Other settings: those that a file states, and the rest as configured.
 *
 * @throws {CommandError} with the path of each fault in the file.
 */
export function whatIfSettings(text: string, file: string, configured: Settings): Settings {
  const override = JsonText.pipe(Override).safeParse(text);
  const merged = override.success
    ? Settings.safeParse({
        ...configured,
        ...override.data,
        scoring: { ...configured.scoring, ...override.data.scoring },
        kiro: { ...configured.kiro, ...override.data.kiro },
      })
    : override;
  if (!merged.success) {
    const faults = fileFaults(merged.error).map((fault) => `${file}: ${fault}`);
    throw new CommandError(faults.join("\n"), 2);
  }
  return merged.data;
}
