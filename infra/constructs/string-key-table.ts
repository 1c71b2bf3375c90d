import type { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  type StreamViewType,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";

export type StringKeyTableProps = {
  readonly removalPolicy: RemovalPolicy;
  /** @default - no stream */
  readonly stream?: StreamViewType;
  /** @default - the key that DynamoDB owns */
  readonly encryptionKey?: IKey;
};

/**
 * An on-demand table with the key (`pk`, `sk`), both texts, that can be restored to any second of
 * the last 35 days; what is retained is protected from deletion too.
 */
export function stringKeyTable(scope: Construct, props: StringKeyTableProps): TableV2 {
  const table = new TableV2(scope, "Table", {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: props.removalPolicy === "retain",
    removalPolicy: props.removalPolicy,
    ...(props.stream && { dynamoStream: props.stream }),
  });
  if (props.encryptionKey) {
    encryptWith(props.encryptionKey, table);
  }
  return table;
}

// The table's own property for this wants a Region, and the stack is deployed to any.
function encryptWith(key: IKey, table: TableV2): void {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) {
    throw new Error(`${table.node.path} is not a table of this stack`);
  }
  resource.sseSpecification = { sseEnabled: true, sseType: "KMS" };
  resource.addPropertyOverride("Replicas.0.SSESpecification.KMSMasterKeyId", key.keyArn);
}

/** @throws {Error} if the table was made without a stream. */
export function streamArnOf(table: TableV2): string {
  if (table.tableStreamArn === undefined) {
    throw new Error(`${table.node.path} has no stream`);
  }
  return table.tableStreamArn;
}
