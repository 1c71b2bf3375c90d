import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbProviderStatements } from "../adapters/dynamodb-provider-statements.ts";
import { dynamoDbRollUps } from "../adapters/dynamodb-roll-ups.ts";
import { environment } from "../adapters/environment.ts";
import { pricesFile } from "../adapters/prices-file.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { s3ReportStore } from "../adapters/s3-report-store.ts";
import { snsOperations } from "../adapters/sns-operations.ts";
import { reconcileUsageHandler } from "./reconcile-usage.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    INSIGHTS_TABLE_NAME: z.string().min(1),
    DIRECTORY_TABLE_NAME: z.string().min(1),
    REPORT_BUCKET_NAME: z.string().min(1),
    OPERATIONS_TOPIC_ARN: z.string().min(1),
  }),
);
const dynamoDb = new DynamoDBClient({});

export const handler = reconcileUsageHandler({
  rollUps: dynamoDbRollUps(dynamoDb, env.INSIGHTS_TABLE_NAME),
  statements: dynamoDbProviderStatements(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  directory: dynamoDbDirectoryStore(dynamoDb, env.DIRECTORY_TABLE_NAME),
  reports: s3ReportStore(new S3Client({}), env.REPORT_BUCKET_NAME),
  notifier: snsOperations(new SNSClient({}), env.OPERATIONS_TOPIC_ARN),
  priceBook: genaiPriceBook(pricesFile(import.meta.url)),
});
