import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { dynamoDbSenderKeys } from "../adapters/dynamodb-sender-keys.ts";
import { environment } from "../adapters/environment.ts";
import { type AuthorizeSenderHandler, authorizeSenderHandler } from "./authorize-sender.ts";

const { DIRECTORY_TABLE_NAME } = environment(z.object({ DIRECTORY_TABLE_NAME: z.string().min(1) }));

export const handler: AuthorizeSenderHandler = authorizeSenderHandler({
  keys: dynamoDbSenderKeys(new DynamoDBClient({}), DIRECTORY_TABLE_NAME),
  nowMs: Date.now,
});
