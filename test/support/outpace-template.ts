import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import {
  type Configuration,
  type ConfigurationFile,
  parseConfiguration,
} from "../../infra/config/configuration.ts";
import { outpaceApp, type SynthesisProps } from "../../infra/synthesise.ts";

export const FUNCTION_NAMES = [
  "answer-alert",
  "authorize-sender",
  "import-drops",
  "ingest-outcomes",
  "ingest-usage",
  "reconcile-usage",
  "report-costs",
  "reprice-roll-ups",
  "roll-up",
  "score-sessions",
  "send-alerts",
] as const;

/** Functions of what is off unless it is configured. */
export const OPTIONAL_FUNCTION_NAMES = [
  "collect-usage",
  "reconcile-github",
  "record-deployments",
] as const;

/** Two owners, of whom one has a Slack channel. */
export function aConfigurationFile(overrides: Partial<ConfigurationFile> = {}): ConfigurationFile {
  return {
    owners: [
      {
        id: "checkout-owner",
        email: "checkout-owner@example.com",
        slack: { workspaceId: "T0123456789", channelId: "C0000000001" },
      },
      { id: "search-owner", email: "search-owner@example.com" },
    ],
    teams: [
      { id: "team-checkout", owner: "checkout-owner", costCenter: "CC-1001" },
      { id: "team-search", owner: "search-owner", costCenter: "CC-1002" },
    ],
    fallbackOwner: "search-owner",
    operationsEmails: ["operations@example.com"],
    ...overrides,
  };
}

export function aConfiguration(overrides: Partial<ConfigurationFile> = {}): Configuration {
  return parseConfiguration(aConfigurationFile(overrides), "test");
}

/** The app of a configuration, over empty functions: a template says nothing of their code. */
export function appOf(
  overrides: Partial<ConfigurationFile> = {},
  props: Partial<SynthesisProps> = {},
): { readonly app: App; readonly stack: Stack } {
  const folder = mkdtempSync(join(tmpdir(), "outpace-template-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const name of [...FUNCTION_NAMES, ...OPTIONAL_FUNCTION_NAMES]) {
    mkdirSync(join(folder, "dist", name), { recursive: true });
    const code = `export const handler = () => "${name}";\n`;
    writeFileSync(join(folder, "dist", name, "index.mjs"), code);
  }
  return outpaceApp({
    configuration: aConfiguration(overrides),
    distDir: join(folder, "dist"),
    outdir: join(folder, "cdk.out"),
    ...props,
  });
}

export function templateOf(overrides: Partial<ConfigurationFile> = {}): Template {
  return Template.fromStack(appOf(overrides).stack);
}

/** A property tree of the template, as far as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: CloudFormation properties have no type of their own.
export type Properties = Record<string, any>;

export type Resource = {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
};

export function resourcesOf(template: Template): ReadonlyMap<string, Resource> {
  return new Map(Object.entries<Resource>(template.toJSON()["Resources"]));
}

/** Logical id and resource of each function, by the name of its folder. */
export function functionsOf(
  template: Template,
): ReadonlyMap<string, { readonly id: string; readonly properties: Properties }> {
  return new Map(
    Object.entries(template.findResources("AWS::Lambda::Function")).map(
      ([id, { Properties: properties }]) => [
        String(properties.Description).replace("Outpace: ", ""),
        { id, properties },
      ],
    ),
  );
}

/** Properties of the function of a folder. */
export function functionIn(template: Template, name: string): Properties {
  const found = functionsOf(template).get(name);
  if (found === undefined) {
    throw new Error(`the template has no function ${name}`);
  }
  return found.properties;
}

export type Statement = {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Properties;
};

/** What the role of a function may do, without its log. */
export function statementsOf(template: Template, functionName: string): readonly Statement[] {
  const role = functionsOf(template).get(functionName)?.properties["Role"]["Fn::GetAtt"][0];
  return Object.values(template.findResources("AWS::IAM::Policy"))
    .filter(({ Properties: { Roles } }) => Roles.some((r: { Ref: string }) => r.Ref === role))
    .flatMap(({ Properties: { PolicyDocument } }): Statement[] => PolicyDocument.Statement)
    .filter(({ Action }) => ![Action].flat().some((action) => action.startsWith("logs:")));
}
