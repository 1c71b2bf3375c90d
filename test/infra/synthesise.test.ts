import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";
import { aConfiguration, appOf, FUNCTION_NAMES } from "../support/outpace-template.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outpace-synthesis-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("synthesise", () => {
  test("leaves the template and the code of every function where it is told to", () => {
    const { app } = appOf({}, { outdir: folder });

    const { directory, stacks } = app.synth();

    expect(directory).toBe(folder);
    expect(existsSync(join(folder, "Outpace.template.json"))).toBe(true);
    const assets = JSON.parse(readFileSync(join(folder, "Outpace.assets.json"), "utf8"));
    const code = Object.values<{ source: { packaging: string } }>(assets.files).filter(
      ({ source }) => source.packaging === "zip",
    );
    expect(code).toHaveLength(FUNCTION_NAMES.length);
    expect(stacks.map(({ stackName }) => stackName)).toEqual(["Outpace"]);
  });

  test("the same configuration gives the same template, byte by byte", () => {
    const [first, second] = [appOf(), appOf()].map(({ app }) =>
      JSON.stringify(app.synth().getStackByName("Outpace").template),
    );

    expect(second).toBe(first);
  });

  test("a configuration with an account and a Region is deployed there and nowhere else", () => {
    const { stack } = appOf({ account: "123456789012", region: "eu-central-1" });

    expect([stack.account, stack.region]).toEqual(["123456789012", "eu-central-1"]);
  });

  test("without a build it fails, and names the folder that is missing", () => {
    const distDir = join(folder, "nothing-built");

    expect(() => synthesise({ configuration: aConfiguration(), distDir, outdir: folder })).toThrow(
      join(distDir, "authorize-sender"),
    );
  });
});
