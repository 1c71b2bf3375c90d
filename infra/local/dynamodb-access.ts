import type { AccessRequest } from "./iam.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "./json.ts";
import { ACCOUNT_ID } from "./template.ts";

/** Name of the partition key of a table, or of one of its indexes. */
export type PartitionKeys = (table: string, index?: string) => string | undefined;

/**
 * What the caller of a DynamoDB operation has to be allowed: one access per item of a transaction,
 * since `Put` inside `TransactWriteItems` is authorised as `dynamodb:PutItem`, and so on.
 */
export function dynamoDbAccesses(
  operation: string,
  input: JsonObject,
  region: string,
  partitionKeys: PartitionKeys,
): readonly AccessRequest[] {
  const access = (action: string, target: JsonObject, keys: readonly string[]): AccessRequest => {
    const table = tableName(target);
    const index = textOf(target["IndexName"]);
    const arn = `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${table}`;
    return {
      action: `dynamodb:${action}`,
      resource: index === undefined ? arn : `${arn}/index/${index}`,
      context: { "dynamodb:leadingkeys": keys },
    };
  };
  const itemKeys = (target: JsonObject) =>
    keyText(objectOf(target["Item"] ?? target["Key"]), partitionKeys(tableName(target)));
  switch (operation) {
    case "TransactGetItems":
    case "TransactWriteItems":
      return listOf(input["TransactItems"]).flatMap((item) =>
        Object.entries(objectOf(item)).map(([kind, value]) => {
          const target = objectOf(value);
          const action = kind === "ConditionCheck" ? "ConditionCheckItem" : `${kind}Item`;
          return access(action, target, itemKeys(target));
        }),
      );
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.entries(objectOf(input["RequestItems"])).map(([table, requests]) => {
        const target = { TableName: table };
        return access(operation, target, batchKeys(requests, partitionKeys(tableName(target))));
      });
    case "Query":
      return [access(operation, input, queryKeys(input, partitionKeys))];
    default:
      return [access(operation, input, itemKeys(input))];
  }
}

/** The table's name, also if the caller gave its ARN. */
export function tableName(target: JsonObject): string {
  return (textOf(target["TableName"]) ?? "*").replace(/^.*:table\//, "");
}

function batchKeys(requests: unknown, name: string | undefined): readonly string[] {
  const keys = isObject(requests)
    ? listOf(requests["Keys"]).map(objectOf)
    : listOf(requests).map((request) => {
        const { PutRequest, DeleteRequest } = objectOf(request);
        return objectOf(objectOf(PutRequest)["Item"] ?? objectOf(DeleteRequest)["Key"]);
      });
  return keys.flatMap((key) => keyText(key, name));
}

/** The partition that a key condition names, as in `#p = :p AND begins_with(sk, :s)`. */
function queryKeys(input: JsonObject, partitionKeys: PartitionKeys): readonly string[] {
  const name = partitionKeys(tableName(input), textOf(input["IndexName"]));
  const aliases = objectOf(input["ExpressionAttributeNames"]);
  const values = objectOf(input["ExpressionAttributeValues"]);
  const expression = textOf(input["KeyConditionExpression"]) ?? "";
  for (const [, path = "", placeholder = ""] of expression.matchAll(
    /([#\w.-]+)\s*=\s*(:[\w-]+)/g,
  )) {
    if ((path.startsWith("#") ? aliases[path] : path) === name) {
      return attributeText(values[placeholder]);
    }
  }
  return [];
}

function keyText(item: JsonObject, name: string | undefined): readonly string[] {
  return name === undefined ? [] : attributeText(item[name]);
}

function attributeText(value: unknown): readonly string[] {
  const [text] = Object.values(objectOf(value));
  return typeof text === "string" ? [text] : [];
}
