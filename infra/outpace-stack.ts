import {
  CfnOutput,
  DefaultStackSynthesizer,
  type Environment,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Configuration } from "./config/configuration.ts";
import { settingsOf } from "./config/function-settings.ts";
import { AlertAnswers } from "./constructs/alert-answers.ts";
import { Alerting } from "./constructs/alerting.ts";
import { AwsDeployments } from "./constructs/aws-deployments.ts";
import { Collection } from "./constructs/collection.ts";
import { CostReports } from "./constructs/cost-reports.ts";
import { DirectoryTable } from "./constructs/directory-table.ts";
import { DropImport } from "./constructs/drop-import.ts";
import { EncryptionKey } from "./constructs/encryption-key.ts";
import { GithubReconciliation } from "./constructs/github-reconciliation.ts";
import { Ingestion } from "./constructs/ingestion.ts";
import { InsightsTable } from "./constructs/insights-table.ts";
import { LedgerTable } from "./constructs/ledger-table.ts";
import { Operations } from "./constructs/operations.ts";
import { accessLogBucket } from "./constructs/private-bucket.ts";
import { Reconciliation } from "./constructs/reconciliation.ts";
import { Repricing } from "./constructs/repricing.ts";
import { RollUp } from "./constructs/roll-up.ts";
import { ScheduledRuns } from "./constructs/scheduled-runs.ts";
import { Scoring } from "./constructs/scoring.ts";
import { GeneratedSecret } from "./constructs/secrets.ts";
import { SenderApi } from "./constructs/sender-api.ts";
import type { FunctionPlatform } from "./constructs/service-function.ts";
import type { Tables } from "./constructs/tables.ts";

export type OutpaceStackProps = {
  readonly configuration: Configuration;
  /** Where the build left the functions. */
  readonly distDir: string;
  /** @default - the account and Region of the profile that deploys */
  readonly env?: Environment;
};

/** What the capabilities are built on. */
type Foundation = {
  readonly encryptionKey: EncryptionKey;
  readonly pseudonymKey: GeneratedSecret;
  readonly tables: Tables;
  readonly accessLogs: Bucket;
  readonly platform: FunctionPlatform;
  readonly scheduledRuns: ScheduledRuns;
  /** JSON of the `Settings`. */
  readonly settings: string;
  /** JSON of the `PriceSettings`. */
  readonly prices: string;
  readonly removalPolicy: RemovalPolicy;
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
    const foundation = this.#addFoundation(configuration, distDir);
    const { tables, pseudonymKey } = foundation;

    const { api, ingestion, drops } = this.#addIngest(configuration, foundation);
    new RollUp(this, "RollUp", foundation);
    new Repricing(this, "Repricing", { ...foundation, cron: configuration.schedules.repricing });
    new Scoring(this, "Scoring", { ...foundation, cron: configuration.schedules.scoring });
    this.#addAlerts(configuration, foundation, api);
    this.#addOutcomeSources(configuration, foundation);
    const reports = this.#addReports(configuration, foundation);
    this.#addCollection(configuration, foundation);
    new Reconciliation(this, "Reconciliation", {
      ...foundation,
      reports,
      cron: configuration.schedules.reconciliation,
    });

    this.#addOutputs({
      ApiUrl: api.url,
      LedgerTableName: tables.ledger.tableName,
      InsightsTableName: tables.insights.tableName,
      DirectoryTableName: tables.directory.tableName,
      ReportBucketName: reports.bucketName,
      DropBucketName: drops.bucketName,
      PseudonymSecretArn: pseudonymKey.arn,
      ...ingestion.secretArns,
      StackRegion: this.region,
    });
  }

  #addFoundation(configuration: Configuration, distDir: string): Foundation {
    const removalPolicy = REMOVAL_POLICIES[configuration.removalPolicy];
    const encryptionKey = new EncryptionKey(this, "Key", { removalPolicy });
    const operations = new Operations(this, "Operations", {
      emails: configuration.operationsEmails,
      encryptionKey,
    });
    return {
      removalPolicy,
      encryptionKey,
      settings: JSON.stringify(settingsOf(configuration)),
      prices: JSON.stringify(configuration.prices),
      tables: {
        ledger: new LedgerTable(this, "Ledger", { removalPolicy }),
        insights: new InsightsTable(this, "Insights", { removalPolicy }),
        directory: new DirectoryTable(this, "Directory", { encryptionKey, removalPolicy }),
      },
      pseudonymKey: new GeneratedSecret(this, "PseudonymKey", {
        description: "Outpace: the key that turns people into pseudonyms",
        removalPolicy,
        notRotated:
          "Every pseudonym in the append-only ledger is made with it: another key would make every person a stranger.",
      }),
      accessLogs: accessLogBucket(this, "AccessLogs", removalPolicy),
      platform: { distDir, operations, logRetention: configuration.retention.logDays },
      scheduledRuns: new ScheduledRuns(this, "ScheduledRuns", { operations }),
    };
  }

  #addIngest({ retention, outcomeSources }: Configuration, foundation: Foundation) {
    const { tables, removalPolicy, accessLogs } = foundation;
    const { ledger, directory } = tables;
    const api = new SenderApi(this, "SenderApi", { ...foundation, directory });
    return {
      api,
      ingestion: new Ingestion(this, "Ingestion", { ...foundation, api, ledger, outcomeSources }),
      drops: new DropImport(this, "DropImport", {
        ...foundation,
        directory,
        ledger,
        bucket: { removalPolicy, accessLogs, retentionDays: retention.dropDays },
      }),
    };
  }

  #addAlerts({ owners }: Configuration, foundation: Foundation, api: SenderApi): void {
    const { insights } = foundation.tables;
    const answers = new AlertAnswers(this, "AlertAnswers", { ...foundation, api, insights });
    new Alerting(this, "Alerting", { ...foundation, insights, answers, owners });
  }

  /** Outcomes that do not come by the API. What is not configured is not deployed. */
  #addOutcomeSources(configuration: Configuration, foundation: Foundation): void {
    const { platform, tables } = foundation;
    const { awsDeployments, githubReconciler } = configuration.outcomeSources;
    if (githubReconciler) {
      new GithubReconciliation(this, "GithubReconciliation", {
        ...foundation,
        reconciler: githubReconciler,
      });
    }
    if (awsDeployments) {
      new AwsDeployments(this, "AwsDeployments", {
        platform,
        ledger: tables.ledger,
        sources: awsDeployments,
        productionEnvironment: configuration.productionEnvironments[0] ?? "production",
      });
    }
  }

  #addReports({ retention, schedules }: Configuration, foundation: Foundation): CostReports {
    const { removalPolicy, accessLogs } = foundation;
    return new CostReports(this, "CostReports", {
      ...foundation,
      bucket: { removalPolicy, accessLogs, retentionDays: retention.reportDays },
      crons: {
        monthToDate: schedules.monthToDateReport,
        previousMonth: schedules.previousMonthReport,
      },
    });
  }

  #addCollection({ collectors }: Configuration, foundation: Foundation): void {
    if (collectors.length === 0) {
      return;
    }
    const { ledger } = foundation.tables;
    const collection = new Collection(this, "Collection", { ...foundation, ledger, collectors });
    for (const [provider, arn] of collection.keySecretArns) {
      const name = `${provider.charAt(0).toUpperCase()}${provider.slice(1)}KeySecretArn`;
      this.#addOutputs({ [name]: arn });
    }
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
