import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, type Environment, Validations } from "aws-cdk-lib";
import { type CloudAssembly, STRICT_CFN_VALIDATE_ERRORS } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks } from "cdk-nag";
import * as z from "zod";
import type { Configuration } from "./config/configuration.ts";
import { OutpaceStack } from "./outpace-stack.ts";

const ROOT = join(import.meta.dirname, "..");
/** Where the build leaves the functions, unless it is told otherwise. */
export const DIST_DIR = join(ROOT, "dist");
const STACK_ID = "Outpace";

export type SynthesisProps = {
  readonly configuration: Configuration;
  /** @default dist */
  readonly distDir?: string;
  /** @default - where the CDK command line says, else a temporary folder */
  readonly outdir?: string;
  /**
   * Check the stack against the AwsSolutions rules, and the template against the schemas of
   * CloudFormation. Takes seconds.
   * @default false
   */
  readonly checks?: boolean;
  /** @default - that of the configuration, if it names one */
  readonly env?: Environment;
};

/** The app with its one stack, not yet synthesised. */
export function outpaceApp(props: SynthesisProps): { app: App; stack: OutpaceStack } {
  const { configuration, checks = false } = props;
  const app = new App({
    // The flags change the template: it has to be the same whoever synthesises it.
    context: { ...contextOfCdkJson(), [STRICT_CFN_VALIDATE_ERRORS]: checks },
    analyticsReporting: false,
    builtinCloudFormationValidation: checks,
    ...(props.outdir !== undefined && { outdir: props.outdir }),
  });
  const stack = new OutpaceStack(app, STACK_ID, {
    configuration,
    distDir: props.distDir ?? DIST_DIR,
    env: { ...environmentOf(configuration), ...props.env },
  });
  if (checks) {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  return { app, stack };
}

/** Synthesises the stack: the template and its assets are in `directory` of the answer. */
export function synthesise(props: SynthesisProps): CloudAssembly {
  return outpaceApp(props).app.synth();
}

function environmentOf({ account, region }: Configuration): Environment {
  return { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
}

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

function contextOfCdkJson(): Record<string, unknown> {
  return CdkJson.parse(JSON.parse(readFileSync(join(ROOT, "cdk.json"), "utf8"))).context;
}
