import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Template } from "aws-cdk-lib/assertions";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Bundle, buildFunctions } from "../../infra/build.ts";
import type { ConfigurationFile } from "../../infra/config/configuration.ts";
import { settingsOf } from "../../infra/config/function-settings.ts";
import { PRICES_FILE } from "../../shared/pricing/price-settings.ts";
import {
  aConfiguration,
  FUNCTION_NAMES,
  functionIn,
  OPTIONAL_FUNCTION_NAMES,
  templateOf,
} from "../support/outpace-template.ts";

/** A cold start reads and compiles all of it. */
const LIMIT_BYTES = 450_000;
/** Nobody waits for a run at night, and this one needs the prices and three stores. */
const NIGHTLY_LIMIT_BYTES = new Map([["reconcile-usage", 600_000]]);

const COLLECTORS: NonNullable<ConfigurationFile["collectors"]> = [
  { id: "claude-code", source: "anthropic-claude-code" },
];
const SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf";
const OUTCOME_SOURCES: ConfigurationFile["outcomeSources"] = {
  awsDeployments: { pipelines: [{ name: "widgets-prod", stages: ["Prod"] }] },
  githubReconciler: { hooks: ["orgs/acme/hooks/1"], tokenSecretArn: SECRET_ARN },
};
const ALL_FUNCTIONS = [...FUNCTION_NAMES, ...OPTIONAL_FUNCTION_NAMES];

let dist: string;
let bundles: readonly Bundle[];
let template: Template;

beforeAll(async () => {
  template = templateOf({ collectors: COLLECTORS, outcomeSources: OUTCOME_SOURCES });
  dist = mkdtempSync(join(tmpdir(), "outpace-dist-"));
  bundles = await buildFunctions(dist);
  // As the stack puts it beside the code.
  for (const name of FUNCTION_NAMES) {
    writeFileSync(join(dist, name, PRICES_FILE), JSON.stringify(aConfiguration().prices));
  }
});

afterAll(() => rmSync(dist, { recursive: true, force: true }));

describe("buildFunctions", () => {
  test("every function of the stack is built", () => {
    expect(bundles.map(({ name }) => name)).toEqual(expect.arrayContaining(ALL_FUNCTIONS));
    expect(new Set(readdirSync(dist))).toEqual(new Set(bundles.map(({ name }) => name)));
  });

  test.each(ALL_FUNCTIONS)("%s is small, for the sake of cold starts", (name) => {
    const bundle = bundles.find((candidate) => candidate.name === name);

    expect(bundle?.bytes).toBeLessThanOrEqual(NIGHTLY_LIMIT_BYTES.get(name) ?? LIMIT_BYTES);
  });

  test.each(ALL_FUNCTIONS)(
    "%s starts with the environment that the stack gives it",
    async (name) => {
      const { Variables: variables } = functionIn(template, name)["Environment"];
      vi.stubEnv("AWS_REGION", "eu-central-1");
      vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
      for (const [variable, value] of Object.entries<unknown>(variables)) {
        vi.stubEnv(variable, deployedValue(variable, value));
      }

      const { handler } = await import(pathToFileURL(join(dist, name, "index.mjs")).href);

      expect(handler).toBeTypeOf("function");
    },
  );
});

describe("npm run build", () => {
  test("tells a slip in the configuration with its line, builds nothing, and shows no stack", () => {
    const file = join(dist, "sandbox.config.ts");
    writeFileSync(file, "export default {\n  owners: [],,\n};\n");

    const { status, stdout, stderr } = spawnSync(process.execPath, ["infra/build.ts"], {
      env: { ...process.env, OUTPACE_CONFIG: file },
      encoding: "utf8",
    });

    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^\S+sandbox\.config\.ts cannot be read:\n\S+sandbox\.config\.ts:2\n/);
    expect(stderr).not.toContain("    at ");
  });
});

/** As CloudFormation would resolve it, if it is not a text already. */
function deployedValue(variable: string, value: unknown): string {
  if (variable === "OUTPACE_SETTINGS") {
    return JSON.stringify(settingsOf(aConfiguration()));
  }
  if (variable === "CHAT_TOPIC_ARNS") {
    return JSON.stringify({ "checkout-owner": "arn:aws:sns:eu-central-1:123456789012:chat" });
  }
  if (variable === "COLLECTORS") {
    return JSON.stringify(COLLECTORS.map((collector) => ({ ...collector, secretArn: SECRET_ARN })));
  }
  return typeof value === "string" ? value : `${variable.toLowerCase()}-of-the-stack`;
}
