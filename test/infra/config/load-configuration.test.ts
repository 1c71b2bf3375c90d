import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandError } from "../../../infra/cli/command-line.ts";
import { InvalidConfigurationError } from "../../../infra/config/configuration.ts";
import { loadConfiguration } from "../../../infra/config/load-configuration.ts";
import { aConfigurationFile } from "../../support/outpace-template.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outpace-configuration-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("loadConfiguration", () => {
  test("the file in this repository is valid, and its addresses are nobody's", async () => {
    const { owners, operationsEmails } = await loadConfiguration();

    for (const email of [...owners.map((owner) => owner.email), ...operationsEmails]) {
      expect(email).toMatch(/@example\.com$/);
    }
  });

  test("a JSON file does as well as a module", async () => {
    const file = join(folder, "outpace.json");
    writeFileSync(file, JSON.stringify(aConfigurationFile({ stackName: "FromJson" })));

    await expect(loadConfiguration(file)).resolves.toMatchObject({ stackName: "FromJson" });
  });

  test("a module is read by its default export", async () => {
    const file = join(folder, "outpace.config.mjs");
    const source = JSON.stringify(aConfigurationFile({ stackName: "FromModule" }));
    writeFileSync(file, `export default ${source};`);

    await expect(loadConfiguration(file)).resolves.toMatchObject({ stackName: "FromModule" });
  });

  test("a fault is told with the name of the file", async () => {
    const file = join(folder, "outpace.json");
    writeFileSync(file, JSON.stringify({ ...aConfigurationFile(), fallbackOwner: "nobody" }));

    await expect(loadConfiguration(file)).rejects.toThrow(InvalidConfigurationError);
    await expect(loadConfiguration(file)).rejects.toThrow("outpace.json");
  });

  test("a slip in the syntax is told with its place, and without what Node called to find it", async () => {
    const file = join(folder, "outpace.json");
    writeFileSync(file, '{ "owners": [,] }');

    const error: unknown = await loadConfiguration(file).catch((fault: unknown) => fault);

    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toMatch(/outpace\.json cannot be read:\nSyntaxError: Unexpected token/);
    expect(String(error)).not.toContain("    at ");
  });

  test("a module without a default export says so", async () => {
    const file = join(folder, "outpace.config.mjs");
    writeFileSync(file, "const configuration = {};");

    await expect(loadConfiguration(file)).rejects.toThrow("(file): must have a default export");
  });

  test("a file that is not there is told by its name", async () => {
    const file = join(folder, "sandbox.config.ts");

    await expect(loadConfiguration(file)).rejects.toThrow(
      /sandbox\.config\.ts cannot be read: is it there\?$/,
    );
  });
});
