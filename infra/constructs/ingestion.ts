import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { LedgerTable } from "./ledger-table.ts";
import { GeneratedSecret } from "./secrets.ts";
import type { SenderApi } from "./sender-api.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

export type IngestionProps = {
  readonly platform: FunctionPlatform;
  readonly api: SenderApi;
  readonly ledger: LedgerTable;
  readonly pseudonymKey: GeneratedSecret;
  /** JSON of the `Settings`. */
  readonly settings: string;
  readonly removalPolicy: RemovalPolicy;
};

/** Ingest: the routes that take usage and outcomes, and append them to the ledger. */
export class Ingestion extends Construct {
  readonly githubWebhookSecret: GeneratedSecret;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    this.githubWebhookSecret = new GeneratedSecret(this, "GithubWebhookSecret", {
      description: "Outpace: the secret that GitHub signs its webhooks with",
      removalPolicy: props.removalPolicy,
      notRotated:
        "GitHub holds the other copy and has no rotation call: it is changed on both sides by hand, see the runbook.",
    });
    this.#addUsage(props);
    this.#addOutcomes(props);
    props.platform.operations.alarm(this, "Quarantined", {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "Quarantined",
        period: Duration.hours(1),
        statistic: "Sum",
      }),
      impact:
        "Usage or outcomes are kept aside and not counted: cost reports and alerts are too low until they are replayed.",
      runbook: "records-are-quarantined",
    });
  }

  #addUsage({ platform, api, ledger, pseudonymKey }: IngestionProps): void {
    const ingest = new ServiceFunction(this, "IngestUsage", {
      platform,
      name: "ingest-usage",
      environment: { LEDGER_TABLE_NAME: ledger.tableName, PSEUDONYM_SECRET_ARN: pseudonymKey.arn },
      impact: "Usage is not accepted: senders have to send it again, and alerts come late.",
      size: { memoryMb: 512, timeout: Duration.seconds(20) },
    }).function;
    ledger.grantAppendUsage(ingest);
    pseudonymKey.grantRead(ingest);
    for (const path of ["/v1/logs", "/v1/metrics", "/v1/usage", "/v1/litellm"]) {
      api.post(path, ingest);
    }
  }

  #addOutcomes({ platform, api, ledger, pseudonymKey, settings }: IngestionProps): void {
    const ingest = new ServiceFunction(this, "IngestOutcomes", {
      platform,
      name: "ingest-outcomes",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        PSEUDONYM_SECRET_ARN: pseudonymKey.arn,
        GITHUB_WEBHOOK_SECRET_ARN: this.githubWebhookSecret.arn,
        OUTPACE_SETTINGS: settings,
      },
      impact: "Delivered work is not recorded: people may be reported as wasteful who are not.",
    }).function;
    ledger.grantAppendOutcomes(ingest);
    pseudonymKey.grantRead(ingest);
    this.githubWebhookSecret.grantRead(ingest);
    api.post("/v1/outcomes", ingest);
    api.postSigned(
      "/webhooks/github",
      ingest,
      "GitHub shows no key of ours: the function verifies its HMAC-SHA256 signature over the raw body before anything else.",
    );
  }
}
