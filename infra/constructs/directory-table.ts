import type { RemovalPolicy } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { PEOPLE_PREFIX, SENDER_KEYS_PARTITION } from "../../functions/adapters/directory-keys.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { stringKeyTable } from "./string-key-table.ts";

export type DirectoryTableProps = {
  readonly encryptionKey: EncryptionKey;
  readonly removalPolicy: RemovalPolicy;
};

/** The directory: the only place that holds names; and the hashes of the senders' keys. */
export class DirectoryTable extends Construct {
  readonly #table: TableV2;
  readonly #encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: DirectoryTableProps) {
    super(scope, id);
    this.#encryptionKey = props.encryptionKey;
    this.#table = stringKeyTable(this, {
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey.key,
    });
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  /** Allows looking up a sender's key, and no person. */
  grantFindSenderKey(grantee: IGrantable): void {
    this.#grant(grantee, "dynamodb:GetItem", {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [SENDER_KEYS_PARTITION] },
    });
    this.#encryptionKey.grantReadInTable(grantee);
  }

  /** Allows reading who belongs where, and no key. */
  grantReadPeople(grantee: IGrantable): void {
    this.#grant(grantee, "dynamodb:Query", {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${PEOPLE_PREFIX}*`] },
    });
    this.#encryptionKey.grantReadInTable(grantee);
  }

  /** Allows adding people, and no key. */
  grantImportPeople(grantee: IGrantable): void {
    this.#grant(grantee, "dynamodb:PutItem", {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${PEOPLE_PREFIX}*`] },
    });
    this.#encryptionKey.grantWriteInTable(grantee);
  }

  #grant(
    grantee: IGrantable,
    action: string,
    conditions: Record<string, Record<string, readonly string[]>>,
  ): void {
    Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: [this.#table.tableArn],
      conditions,
    }).assertSuccess();
  }
}
