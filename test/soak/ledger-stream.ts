import type { DynamoDBRecord } from "aws-lambda";
import type { BackendClient } from "../../infra/local/backend-client.ts";
import { listOf, objectOf, textOf } from "../../infra/local/json.ts";

const PAGE_SIZE = 1000;

/** Reads a table's stream from its beginning: each call answers what is new, up to a thousand records. */
export async function ledgerStream(
  backend: BackendClient,
  tableName: string,
): Promise<() => Promise<readonly DynamoDBRecord[]>> {
  const { Table } = await backend.dynamodb("DescribeTable", { TableName: tableName });
  const arn = textOf(objectOf(Table)["LatestStreamArn"]) ?? "";
  const { StreamDescription } = await backend.streams("DescribeStream", { StreamArn: arn });
  const [shard] = listOf(objectOf(StreamDescription)["Shards"]).map(objectOf);
  const { ShardIterator } = await backend.streams("GetShardIterator", {
    StreamArn: arn,
    ShardId: textOf(shard?.["ShardId"]) ?? "",
    ShardIteratorType: "TRIM_HORIZON",
  });
  let iterator = textOf(ShardIterator);
  return async () => {
    const page = await backend.streams("GetRecords", {
      ShardIterator: iterator,
      Limit: PAGE_SIZE,
    });
    iterator = textOf(page["NextShardIterator"]);
    return listOf(page["Records"]).map(objectOf);
  };
}
