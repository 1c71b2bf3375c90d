import type { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { grantsOf } from "../support/grants.ts";
import {
  FUNCTION_NAMES,
  functionsOf,
  resourcesOf,
  templateOf,
} from "../support/outpace-template.ts";

let template: Template;

beforeAll(() => {
  template = templateOf();
});

const READ_DIRECTORY_KEY = ["kms:Decrypt Key", "kms:DescribeKey Key"];
const READ_LEDGER_STREAM = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
  (action) => `dynamodb:${action} Ledger.stream`,
);
const READ_INSIGHTS_STREAM = READ_LEDGER_STREAM.map((grant) => grant.replace("Ledger", "Insights"));
const SEND_TO = (queue: string) =>
  ["GetQueueAttributes", "GetQueueUrl", "SendMessage"].map((action) => `sqs:${action} ${queue}`);

describe("OutpaceStack grants", () => {
  test.each<[(typeof FUNCTION_NAMES)[number], readonly string[]]>([
    [
      "answer-alert",
      [
        "dynamodb:GetItem Insights ALERTS",
        "dynamodb:PutItem Insights ALERTS",
        "secretsmanager:GetSecretValue LinkSecret",
      ],
    ],
    ["authorize-sender", ["dynamodb:GetItem Directory KEYS", ...READ_DIRECTORY_KEY]],
    [
      "ingest-usage",
      [
        "dynamodb:PutItem Ledger",
        "dynamodb:UpdateItem Ledger",
        "secretsmanager:GetSecretValue PseudonymKey",
      ],
    ],
    [
      "ingest-outcomes",
      [
        "dynamodb:PutItem Ledger",
        "secretsmanager:GetSecretValue GithubWebhookSecret",
        "secretsmanager:GetSecretValue PseudonymKey",
      ],
    ],
    [
      "import-drops",
      [
        "dynamodb:PutItem Directory DIRECTORY#*",
        "dynamodb:PutItem Ledger",
        "dynamodb:Query Ledger",
        "dynamodb:UpdateItem Ledger",
        "kms:Decrypt Key",
        "kms:Decrypt Key",
        "kms:DescribeKey Key",
        "kms:Encrypt Key",
        "kms:GenerateDataKey Key",
        "kms:GenerateDataKeyWithoutPlaintext Key",
        "kms:ReEncryptFrom Key",
        "kms:ReEncryptTo Key",
        "s3:GetObject Drops/*",
        "secretsmanager:GetSecretValue PseudonymKey",
        "sqs:ChangeMessageVisibility DropQueue",
        "sqs:DeleteMessage DropQueue",
        "sqs:GetQueueAttributes DropQueue",
        "sqs:GetQueueUrl DropQueue",
        "sqs:ReceiveMessage DropQueue",
      ],
    ],
    [
      "roll-up",
      [
        "dynamodb:GetItem Insights",
        "dynamodb:PutItem Insights",
        "dynamodb:Query Directory DIRECTORY#*",
        "dynamodb:Query Insights",
        "dynamodb:Query Ledger",
        ...READ_DIRECTORY_KEY,
        ...READ_LEDGER_STREAM,
        ...SEND_TO("FailedChanges"),
      ],
    ],
    [
      "score-sessions",
      [
        "dynamodb:GetItem Insights",
        "dynamodb:PutItem Insights",
        "dynamodb:Query Directory DIRECTORY#*",
        "dynamodb:Query Insights",
        "dynamodb:Query Ledger",
        ...READ_DIRECTORY_KEY,
        "sqs:SendMessage FailedRuns",
      ],
    ],
    [
      "send-alerts",
      [
        "dynamodb:DeleteItem Insights",
        "dynamodb:PutItem Insights",
        "dynamodb:Query Insights",
        "dynamodb:UpdateItem Insights",
        "kms:Decrypt Key",
        "kms:GenerateDataKey Key",
        "secretsmanager:GetSecretValue LinkSecret",
        "sns:Publish ChatTopic",
        "sns:Publish EmailTopic",
        "sns:Publish OperationsTopic",
        ...READ_INSIGHTS_STREAM,
        ...SEND_TO("FailedAlerts"),
        "sqs:SendMessage FailedRuns",
      ],
    ],
    [
      "report-costs",
      [
        "dynamodb:Query Directory DIRECTORY#*",
        "dynamodb:Query Insights",
        "dynamodb:Query Ledger",
        ...READ_DIRECTORY_KEY,
        "s3:PutObject Reports/reports/*",
        "sqs:SendMessage FailedRuns",
      ],
    ],
    [
      "reconcile-usage",
      [
        "dynamodb:Query Directory DIRECTORY#*",
        "dynamodb:Query Insights",
        "dynamodb:Query Ledger",
        "kms:Decrypt Key",
        "kms:Decrypt Key",
        "kms:DescribeKey Key",
        "kms:GenerateDataKey Key",
        "s3:PutObject Reports/reports/*",
        "sns:Publish OperationsTopic",
        "sqs:SendMessage FailedRuns",
      ],
    ],
    [
      "reprice-roll-ups",
      [
        "dynamodb:GetItem Insights",
        "dynamodb:PutItem Insights",
        "dynamodb:Query Directory DIRECTORY#*",
        "dynamodb:Query Insights",
        "dynamodb:Query Ledger",
        ...READ_DIRECTORY_KEY,
        "sqs:SendMessage FailedRuns",
      ],
    ],
  ])("%s may do what it needs, and nothing else", (name, grants) => {
    expect(grantsOf(template, name)).toEqual([...grants].sort());
  });

  test("the grants above are those of all functions", () => {
    expect([...functionsOf(template).keys()].sort()).toEqual(FUNCTION_NAMES);
  });

  test("no policy allows an action by a pattern, not even the key's own", () => {
    const allowed = [...resourcesOf(template).values()]
      .flatMap(({ Properties }) => [
        ...(Properties["PolicyDocument"]?.Statement ?? []),
        ...(Properties["KeyPolicy"]?.Statement ?? []),
        ...(Properties["AssumeRolePolicyDocument"]?.Statement ?? []),
      ])
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => Action);

    expect(allowed.length).toBeGreaterThan(50);
    expect(allowed.filter((action) => action.includes("*"))).toEqual([]);
  });

  test("no role has a managed policy, which would allow more than is written here", () => {
    for (const { Properties } of Object.values(template.findResources("AWS::IAM::Role"))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test("one role is for one function, so that no grant reaches another", () => {
    const roles = [...functionsOf(template).values()].map(
      ({ properties }) => properties["Role"]["Fn::GetAtt"][0],
    );

    expect(new Set(roles).size).toBe(FUNCTION_NAMES.length);
  });
});

describe("OutpaceStack", () => {
  test("the secrets are generated by CloudFormation, and no value of one is in the template", () => {
    const secrets = Object.values(template.findResources("AWS::SecretsManager::Secret"));

    expect(secrets).toHaveLength(3);
    for (const { Properties } of secrets) {
      expect(Properties.GenerateSecretString.PasswordLength).toBe(64);
      expect(Properties.SecretString).toBeUndefined();
    }
    expect(JSON.stringify(template.toJSON())).not.toContain("{{resolve:");
  });

  test("the outputs keep their names: the command-line tools read them", () => {
    expect(new Set(Object.keys(template.findOutputs("*")))).toEqual(
      new Set([
        "ApiUrl",
        "DirectoryTableName",
        "DropBucketName",
        "GithubWebhookSecretArn",
        "InsightsTableName",
        "LedgerTableName",
        "PseudonymSecretArn",
        "ReportBucketName",
        "StackRegion",
      ]),
    );
  });

  test("there is nothing but resources and outputs, so that it means the same wherever it runs", () => {
    const json = JSON.stringify(template.toJSON());

    expect(new Set(Object.keys(template.toJSON()))).toEqual(
      new Set(["Description", "Outputs", "Resources"]),
    );
    expect(new Set(json.match(/"Fn::\w+"/g))).toEqual(
      new Set(['"Fn::GetAtt"', '"Fn::Join"', '"Fn::Sub"']),
    );
    template.resourceCountIs("AWS::CloudFormation::CustomResource", 0);
  });

  test("the logical ids of what holds data never change: another id would be another, empty store", () => {
    const ids = [...resourcesOf(template)]
      .filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain")
      .map(([id]) => id);

    expect(new Set(ids)).toEqual(
      new Set([
        "AccessLogs8B620ECA",
        "AlertAnswersLinkSecret1762A5AF",
        "CostReports0636E983",
        "DirectoryTableD64E6930",
        "DropImportDropsEE553AA6",
        "IngestionGithubWebhookSecret11C6BBCC",
        "InsightsTable114BD06F",
        "Key9BCD29C7",
        "LedgerTable9343E4AA",
        "PseudonymKeySecretD9269686",
      ]),
    );
  });

  test("a sandbox that is destroyed leaves nothing protected behind", () => {
    const sandbox = templateOf({ removalPolicy: "destroy" });

    const kept = [...resourcesOf(sandbox).values()].filter(
      ({ DeletionPolicy, Properties }) =>
        DeletionPolicy === "Retain" || Properties["Replicas"]?.[0].DeletionProtectionEnabled,
    );
    expect(kept).toEqual([]);
  });

  test("the name of a stack sets it apart from another in the same account", () => {
    const json = JSON.stringify(templateOf({ stackName: "OutpaceSandbox" }).toJSON());

    expect(json).not.toMatch(/"(Name|GroupName|ConfigurationName)":"Outpace-/);
    expect(json).toContain('"GroupName":"OutpaceSandbox-runs"');
  });
});
