import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** The local account. A template that names another one cannot be run here. */
export const ACCOUNT_ID = "000000000000";
const DEFAULT_REGION = "us-east-1";

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

/** The part of a CloudFormation template that the runtime reads. */
export const Template = z.looseObject({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
  Parameters: z
    .record(z.string(), z.looseObject({ Default: z.union([z.string(), z.number()]).optional() }))
    .default({}),
});
export type Template = z.output<typeof Template>;

const Manifest = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .looseObject({ templateFile: z.string().optional(), file: z.string().optional() })
        .optional(),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});
type Manifest = z.output<typeof Manifest>;

const AssetManifest = z.looseObject({
  files: z
    .record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string().optional() }) }))
    .default({}),
});

/** One stack of a synthesised CDK cloud assembly (`cdk.out`). */
export type Assembly = {
  readonly stackName: string;
  readonly region: string;
  readonly template: Template;
  /** Where each asset lies on disk, by its content hash. */
  readonly assets: ReadonlyMap<string, string>;
};

/**
 * Reads one stack from a cloud assembly.
 *
 * @param stackName may be left out if the assembly has one stack only.
 * @throws {Error} if there is no such stack, or if it is bound to an AWS account.
 */
export function readAssembly(directory: string, stackName?: string): Assembly {
  const manifest = Manifest.parse(readJson(join(directory, "manifest.json")));
  const [name, stack] = chooseStack(manifest, stackName);
  return {
    stackName: name,
    region: regionOf(name, stack.environment),
    template: Template.parse(readJson(join(directory, stack.properties?.templateFile ?? ""))),
    assets: readAssets(directory, manifest, stack.dependencies),
  };
}

function chooseStack(manifest: Manifest, stackName: string | undefined) {
  const stacks = Object.entries(manifest.artifacts).filter(
    ([name, artifact]) =>
      artifact.type === "aws:cloudformation:stack" &&
      (stackName === undefined || name === stackName),
  );
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    const names = stacks.map(([name]) => name).join(", ");
    throw new Error(
      `expected the assembly to hold one stack${stackName === undefined ? "" : ` named ${stackName}`}, got: ${names || "none"}`,
    );
  }
  return stack;
}

function regionOf(stackName: string, environment = "aws://unknown-account/unknown-region"): string {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) ?? [];
  if (account !== "unknown-account" && account !== ACCOUNT_ID) {
    throw new Error(
      `stack ${stackName} is bound to account ${account}; synthesise it without an account to run it locally`,
    );
  }
  return region === undefined || region === "unknown-region" ? DEFAULT_REGION : region;
}

function readAssets(directory: string, manifest: Manifest, dependencies: readonly string[]) {
  const assets = new Map<string, string>();
  for (const dependency of dependencies) {
    const artifact = manifest.artifacts[dependency];
    if (artifact?.type === "cdk:asset-manifest" && artifact.properties?.file !== undefined) {
      const { files } = AssetManifest.parse(readJson(join(directory, artifact.properties.file)));
      for (const [hash, { source }] of Object.entries(files)) {
        assets.set(hash, join(directory, source.path ?? ""));
      }
    }
  }
  return assets;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
