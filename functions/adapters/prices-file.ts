import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import { PRICES_FILE, PriceSettings } from "../../shared/pricing/price-settings.ts";

/**
 * The configured prices, which are deployed beside a function's code. Read once, at cold start.
 *
 * @param moduleUrl `import.meta.url` of the handler.
 * @throws {Error} if the file is missing or wrong: better no price than one that is not agreed on.
 */
export function pricesFile(moduleUrl: string): PriceSettings {
  const text = readFileSync(fileURLToPath(new URL(PRICES_FILE, moduleUrl)), "utf8");
  const parsed = JsonText.pipe(PriceSettings).safeParse(text);
  if (!parsed.success) {
    throw new Error(`invalid ${PRICES_FILE}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
