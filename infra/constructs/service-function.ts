import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Operations } from "./operations.ts";

/** What all functions of the stack share. */
export type FunctionPlatform = {
  /** Where the build left `<name>/index.mjs`. */
  readonly distDir: string;
  readonly logRetention: RetentionDays;
  readonly operations: Operations;
};

export type ServiceFunctionProps = {
  readonly platform: FunctionPlatform;
  /** Folder below `functions/`. */
  readonly name: string;
  readonly environment: Record<string, string>;
  /**
   * Texts that are deployed with the code, beside it, by file name: for what is too long for the
   * environment. A change of one is a new version of the function, like a change of its code.
   * @default - none
   */
  readonly files?: Readonly<Record<string, string>>;
  /** What it means for a person if this function fails: a sentence, for the alarm. */
  readonly impact: string;
  /** @default 256 MB and 15 seconds */
  readonly size?: { readonly memoryMb: number; readonly timeout: Duration };
  /**
   * Gets the events of asynchronous invocations that failed for good.
   * @default - no asynchronous invocations
   */
  readonly failedEvents?: IQueue;
};

/** A Lambda function: Node 24 on arm64, its own role and JSON log, and an alarm on its errors. */
export class ServiceFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { platform, name, size } = props;
    this.logGroup = new LogGroup(this, "Logs", {
      retention: platform.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.logGroup.grantWrite(role);
    this.function = withCode(
      join(platform.distDir, name),
      props.files ?? {},
      (code) =>
        new LambdaFunction(this, "Function", {
          role,
          logGroup: this.logGroup,
          description: `Outpace: ${name}`,
          code,
          handler: "index.handler",
          runtime: Runtime.NODEJS_24_X,
          architecture: Architecture.ARM_64,
          memorySize: size?.memoryMb ?? 256,
          timeout: size?.timeout ?? Duration.seconds(15),
          environment: { NODE_OPTIONS: "--enable-source-maps", ...props.environment },
          loggingFormat: LoggingFormat.JSON,
          ...(props.failedEvents && { deadLetterQueue: props.failedEvents }),
        }),
    );
    platform.operations.alarm(this, "Errors", {
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: "Sum" }),
      impact: props.impact,
      runbook: "a-function-fails",
    });
  }
}

/** Puts the files beside the code. CDK copies an asset as soon as it is made, so what was staged can go. */
function withCode<T>(
  folder: string,
  files: Readonly<Record<string, string>>,
  create: (code: Code) => T,
): T {
  if (Object.keys(files).length === 0) {
    return create(Code.fromAsset(folder));
  }
  const staged = mkdtempSync(join(tmpdir(), "outpace-code-"));
  try {
    cpSync(folder, staged, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(staged, name), text);
    }
    return create(Code.fromAsset(staged));
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}
