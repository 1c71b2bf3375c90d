import type { RemovalPolicy } from "aws-cdk-lib";
import { StreamViewType, type TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { streamArnOf, stringKeyTable } from "./string-key-table.ts";

export type LedgerTableProps = {
  readonly removalPolicy: RemovalPolicy;
};

/** The ledger: append-only usage, outcomes and quarantine. Its stream says which keys changed. */
export class LedgerTable extends Construct {
  readonly #table: TableV2;

  constructor(scope: Construct, id: string, { removalPolicy }: LedgerTableProps) {
    super(scope, id);
    this.#table = stringKeyTable(this, { removalPolicy, stream: StreamViewType.KEYS_ONLY });
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  get streamArn(): string {
    return streamArnOf(this.#table);
  }

  /** Allows adding events to segments, and quarantining them. */
  grantAppendUsage(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:PutItem", "dynamodb:UpdateItem"]);
  }

  /** Allows adding outcomes, and quarantining them. */
  grantAppendOutcomes(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:PutItem"]);
  }

  /** Allows appending what providers report, after a look at what is there. */
  grantCollect(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]);
  }

  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, ["dynamodb:Query"]);
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.#table.tableArn],
    }).assertSuccess();
  }
}
