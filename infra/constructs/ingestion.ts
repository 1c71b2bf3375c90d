import { Duration, type RemovalPolicy, Validations } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { OutcomeSources } from "../config/outcome-sources.ts";
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
  readonly outcomeSources: OutcomeSources;
};

/** Ingest: the routes that take usage and outcomes, and append them to the ledger. */
export class Ingestion extends Construct {
  readonly githubWebhookSecret: GeneratedSecret;
  /** ARN of each webhook's secret, by the name of its output. */
  readonly secretArns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    this.githubWebhookSecret = new GeneratedSecret(this, "GithubWebhookSecret", {
      description: "Outpace: the secret that GitHub signs its webhooks with",
      removalPolicy: props.removalPolicy,
      notRotated:
        "GitHub holds the other copy and has no rotation call: it is changed on both sides by hand, see the runbook.",
    });
    this.#addUsage(props);
    const webhooks = this.#addOutcomes(props);
    this.secretArns = Object.fromEntries([
      ["GithubWebhookSecretArn", this.githubWebhookSecret.arn],
      ...webhooks.map(({ name, secret }) => [`${name}WebhookSecretArn`, secret.arn]),
    ]);
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
    for (const path of ["/v1/logs", "/v1/metrics", "/v1/traces", "/v1/usage", "/v1/litellm"]) {
      api.post(path, ingest);
    }
  }

  #addOutcomes(props: IngestionProps): readonly Webhook[] {
    const { platform, api, ledger, pseudonymKey, settings } = props;
    const { jira } = props.outcomeSources;
    const webhooks = this.#addWebhooks(props);
    const ingest = new ServiceFunction(this, "IngestOutcomes", {
      platform,
      name: "ingest-outcomes",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        PSEUDONYM_SECRET_ARN: pseudonymKey.arn,
        GITHUB_WEBHOOK_SECRET_ARN: this.githubWebhookSecret.arn,
        OUTPACE_SETTINGS: settings,
        ...(jira && { JIRA_UNDELIVERED: JSON.stringify(jira.undelivered) }),
        ...Object.fromEntries(
          webhooks.map(({ name, secret }) => [
            `${name.toUpperCase()}_WEBHOOK_SECRET_ARN`,
            secret.arn,
          ]),
        ),
      },
      impact: "Delivered work is not recorded: people may be reported as wasteful who are not.",
    }).function;
    ledger.grantAppendOutcomes(ingest);
    pseudonymKey.grantRead(ingest);
    this.githubWebhookSecret.grantRead(ingest);
    const deployments = "/plugins/webhook/connections/{connectionId}/deployments";
    for (const path of ["/v1/outcomes", "/v1/cdevents", deployments]) {
      api.post(path, ingest);
    }
    api.postSigned("/webhooks/github", ingest);
    for (const { name, secret } of webhooks) {
      secret.grantRead(ingest);
      api.postSigned(`/webhooks/${name.toLowerCase()}`, ingest);
    }
    return webhooks;
  }

  /** The webhooks that are configured, each with a secret of its own. */
  #addWebhooks({ outcomeSources, removalPolicy }: IngestionProps): readonly Webhook[] {
    const names = [
      ...(outcomeSources.gitlab ? ["Gitlab"] : []),
      ...(outcomeSources.jira ? ["Jira"] : []),
    ];
    const secrets = new Construct(this, "WebhookSecrets");
    if (names.length > 0) {
      Validations.of(secrets).acknowledge({
        id: "AwsSolutions-SMG4",
        reason:
          "The sender of each webhook holds the other copy and has no rotation call: it is changed on both sides by hand, see docs/senders.",
      });
    }
    return names.map((name) => ({
      name,
      secret: new GeneratedSecret(secrets, name, {
        description: `Outpace: the secret of the webhook of ${name}`,
        removalPolicy,
      }),
    }));
  }
}

type Webhook = { readonly name: string; readonly secret: GeneratedSecret };
