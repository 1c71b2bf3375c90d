import { Duration, type RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { DirectoryTable } from "./directory-table.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { FailureQueue } from "./failure-queue.ts";
import type { LedgerTable } from "./ledger-table.ts";
import { grantBelow, privateBucket, resourceOf } from "./private-bucket.ts";
import type { GeneratedSecret } from "./secrets.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

/** The longest there is: files may be gigabytes. */
const TIMEOUT = Duration.minutes(15);

const IMPACT =
  "A dropped file was not imported: its usage is in no report, or alerts may go to a former budget owner.";

export type DropImportProps = {
  readonly platform: FunctionPlatform;
  readonly directory: DirectoryTable;
  readonly ledger: LedgerTable;
  readonly encryptionKey: EncryptionKey;
  readonly pseudonymKey: GeneratedSecret;
  /** JSON of the `Settings`. */
  readonly settings: string;
  readonly bucket: {
    readonly removalPolicy: RemovalPolicy;
    readonly retentionDays: number;
    readonly accessLogs: Bucket;
  };
};

/** Drops: a bucket that takes directory files and usage files, and the function that imports them. */
export class DropImport extends Construct {
  readonly bucketName: string;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, props: DropImportProps) {
    super(scope, id);
    const { directory, ledger, encryptionKey, pseudonymKey } = props;
    this.#queue = this.#addQueue(props.platform);
    const bucket = privateBucket(this, "Drops", {
      ...props.bucket,
      encryptionKey: encryptionKey.key,
    });
    this.bucketName = bucket.bucketName;
    this.#notifyQueue(bucket);
    const importDrops = this.#addFunction(props);
    directory.grantImportPeople(importDrops);
    ledger.grantAppendUsage(importDrops);
    // How far the import of a large file is.
    ledger.grantRead(importDrops);
    pseudonymKey.grantRead(importDrops);
    encryptionKey.grantReadInBucket(importDrops);
    grantBelow(bucket, importDrops, {
      action: "s3:GetObject",
      prefix: "",
      reason:
        "The names of dropped files are not known before: any object of this one bucket, which holds nothing else, may be read.",
    });
    this.#consumeQueue(importDrops);
  }

  #addFunction(props: DropImportProps): LambdaFunction {
    const { platform, directory, ledger, pseudonymKey, settings } = props;
    const { function: importDrops, logGroup } = new ServiceFunction(this, "ImportDrops", {
      platform,
      name: "import-drops",
      environment: {
        DIRECTORY_TABLE_NAME: directory.tableName,
        LEDGER_TABLE_NAME: ledger.tableName,
        PSEUDONYM_SECRET_ARN: pseudonymKey.arn,
        OUTPACE_SETTINGS: settings,
      },
      impact: IMPACT,
      // With a whole core, as large files are parsed: an import holds a few hundred megabytes at most.
      size: { memoryMb: 1769, timeout: TIMEOUT },
    });
    // A faulty file is no error of the function, which tells of it in its log.
    const refused = logGroup.addMetricFilter("Refused", {
      filterPattern: FilterPattern.stringValue("$.message.drop", "=", "refused"),
      metricNamespace: "Outpace",
      metricName: "DropsRefused",
    });
    platform.operations.alarm(this, "DropsRefused", {
      metric: refused.metric({ period: Duration.minutes(5), statistic: "Sum" }),
      impact: IMPACT,
      runbook: "a-dropped-file-was-not-imported",
    });
    return importDrops;
  }

  #addQueue(platform: FunctionPlatform): Queue {
    const failures = new FailureQueue(this, "FailedDrops", {
      operations: platform.operations,
      impact: IMPACT,
      runbook: "a-dropped-file-was-not-imported",
    });
    return new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: failures.queue, maxReceiveCount: 5 },
    });
  }

  // By the property of the bucket: the usual construct brings a function of its own to set it. The
  // queue's policy cannot name the bucket, as each would have to be there before the other.
  #notifyQueue(bucket: Bucket): void {
    this.#queue.addToResourcePolicy(
      new PolicyStatement({
        sid: "BucketsOfThisAccount",
        principals: [new ServicePrincipal("s3.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [this.#queue.queueArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    const resource = resourceOf(bucket);
    resource.notificationConfiguration = {
      queueConfigurations: [
        {
          event: "s3:ObjectCreated:*",
          queue: this.#queue.queueArn,
        },
      ],
    };
    // S3 tries the queue when the bucket is made.
    resource.node.addDependency(this.#queue);
  }

  #consumeQueue(consumer: LambdaFunction): void {
    const grant = this.#queue.grantConsumeMessages(consumer);
    const mapping = new EventSourceMapping(this, "Drop", {
      target: consumer,
      eventSourceArn: this.#queue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
    });
    grant.applyBefore(mapping);
  }
}
