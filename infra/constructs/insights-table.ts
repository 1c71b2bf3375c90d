import type { RemovalPolicy } from "aws-cdk-lib";
import { StreamViewType, type TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { REGISTER_PARTITION } from "../../functions/adapters/alert-keys.ts";
import { streamArnOf, stringKeyTable } from "./string-key-table.ts";

export type InsightsTableProps = {
  readonly removalPolicy: RemovalPolicy;
};

/**
 * What is derived from the ledger, roll-ups and scores, and the alerts between decision and
 * delivery. Its stream carries new alerts to the function that sends them.
 */
export class InsightsTable extends Construct {
  readonly #table: TableV2;

  constructor(scope: Construct, id: string, { removalPolicy }: InsightsTableProps) {
    super(scope, id);
    this.#table = stringKeyTable(this, { removalPolicy, stream: StreamViewType.NEW_IMAGE });
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  get streamArn(): string {
    return streamArnOf(this.#table);
  }

  /** Allows reading roll-ups. */
  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:Query"]);
  }

  /** Allows writing roll-ups and scores, and recording alerts. */
  grantDerive(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]);
  }

  /** Allows claiming alerts and moving them out of the outbox. */
  grantDeliver(grantee: IGrantable): void {
    this.#grant(grantee, [
      "dynamodb:DeleteItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]);
  }

  /** Allows reading an alert and its answers, and storing an answer; nothing outside the register. */
  grantAnswer(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:GetItem", "dynamodb:PutItem"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [REGISTER_PARTITION] },
    });
  }

  #grant(
    grantee: IGrantable,
    actions: string[],
    conditions?: Record<string, Record<string, readonly string[]>>,
  ): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.#table.tableArn],
      ...(conditions && { conditions }),
    }).assertSuccess();
  }
}
