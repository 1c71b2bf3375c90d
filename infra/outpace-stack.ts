import {
  CfnOutput,
  DefaultStackSynthesizer,
  type Environment,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type Configuration, settingsOf } from "./config/configuration.ts";
import { Alerting } from "./constructs/alerting.ts";
import { CostReports } from "./constructs/cost-reports.ts";
import { DirectoryTable } from "./constructs/directory-table.ts";
import { DropImport } from "./constructs/drop-import.ts";
import { EncryptionKey } from "./constructs/encryption-key.ts";
import { Ingestion } from "./constructs/ingestion.ts";
import { InsightsTable } from "./constructs/insights-table.ts";
import { LedgerTable } from "./constructs/ledger-table.ts";
import { Operations } from "./constructs/operations.ts";
import { accessLogBucket } from "./constructs/private-bucket.ts";
import { RollUp } from "./constructs/roll-up.ts";
import { ScheduledRuns } from "./constructs/scheduled-runs.ts";
import { Scoring } from "./constructs/scoring.ts";
import { GeneratedSecret } from "./constructs/secrets.ts";
import { SenderApi } from "./constructs/sender-api.ts";
import type { FunctionPlatform } from "./constructs/service-function.ts";

export type OutpaceStackProps = {
  readonly configuration: Configuration;
  /** Where the build left the functions. */
  readonly distDir: string;
  /** @default - the account and Region of the profile that deploys */
  readonly env?: Environment;
};

/** All of Outpace: composition only. */
export class OutpaceStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, distDir, env }: OutpaceStackProps) {
    super(scope, id, {
      stackName: configuration.stackName,
      description: "Outpace: AI spend against delivered work",
      terminationProtection: configuration.removalPolicy === "retain",
      // A cast, as aws-cdk-lib is compiled without exactOptionalPropertyTypes.
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
      ...(env && { env }),
    });
    const { owners, retention, schedules } = configuration;
    const settings = JSON.stringify(settingsOf(configuration));
    const removalPolicy = REMOVAL_POLICIES[configuration.removalPolicy];

    const encryptionKey = new EncryptionKey(this, "Key", { removalPolicy });
    const operations = new Operations(this, "Operations", {
      emails: configuration.operationsEmails,
      encryptionKey,
    });
    const ledger = new LedgerTable(this, "Ledger", { removalPolicy });
    const insights = new InsightsTable(this, "Insights", { removalPolicy });
    const directory = new DirectoryTable(this, "Directory", { encryptionKey, removalPolicy });
    const tables = { ledger, insights, directory };
    const pseudonymKey = new GeneratedSecret(this, "PseudonymKey", {
      description: "Outpace: the key that turns people into pseudonyms",
      removalPolicy,
      notRotated:
        "Every pseudonym in the append-only ledger is made with it: another key would make every person a stranger.",
    });
    const accessLogs = accessLogBucket(this, "AccessLogs", removalPolicy);

    const platform: FunctionPlatform = { distDir, operations, logRetention: retention.logDays };
    const scheduledRuns = new ScheduledRuns(this, "ScheduledRuns", { operations });
    const api = new SenderApi(this, "SenderApi", { platform, directory });
    const ingestion = new Ingestion(this, "Ingestion", {
      platform,
      api,
      ledger,
      pseudonymKey,
      settings,
      removalPolicy,
    });
    const drops = new DropImport(this, "DropImport", {
      platform,
      directory,
      encryptionKey,
      pseudonymKey,
      settings,
      bucket: { removalPolicy, accessLogs, retentionDays: retention.dropDays },
    });
    new RollUp(this, "RollUp", { platform, tables, settings });
    new Scoring(this, "Scoring", {
      platform,
      tables,
      scheduledRuns,
      settings,
      cron: schedules.scoring,
    });
    new Alerting(this, "Alerting", {
      platform,
      insights,
      encryptionKey,
      scheduledRuns,
      owners,
      settings,
    });
    const reports = new CostReports(this, "CostReports", {
      platform,
      tables,
      scheduledRuns,
      bucket: { removalPolicy, accessLogs, retentionDays: retention.reportDays },
      crons: {
        monthToDate: schedules.monthToDateReport,
        previousMonth: schedules.previousMonthReport,
      },
    });

    this.#addOutputs({
      ApiUrl: api.url,
      LedgerTableName: ledger.tableName,
      InsightsTableName: insights.tableName,
      DirectoryTableName: directory.tableName,
      ReportBucketName: reports.bucketName,
      DropBucketName: drops.bucketName,
      PseudonymSecretArn: pseudonymKey.arn,
      GithubWebhookSecretArn: ingestion.githubWebhookSecret.arn,
      StackRegion: this.region,
    });
  }

  #addOutputs(outputs: Record<string, string>): void {
    for (const [key, value] of Object.entries(outputs)) {
      new CfnOutput(this, key, { value });
    }
  }
}

const REMOVAL_POLICIES = {
  retain: RemovalPolicy.RETAIN,
  destroy: RemovalPolicy.DESTROY,
} as const;
