import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbOutcomeLedger } from "../adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbRollUps } from "../adapters/dynamodb-roll-ups.ts";
import { environment } from "../adapters/environment.ts";
import { pricesFile } from "../adapters/prices-file.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { s3ReportStore } from "../adapters/s3-report-store.ts";
import { reportCostsHandler } from "./report-costs.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    INSIGHTS_TABLE_NAME: z.string().min(1),
    DIRECTORY_TABLE_NAME: z.string().min(1),
    REPORT_BUCKET_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);
const dynamoDb = new DynamoDBClient({});

export const handler = reportCostsHandler({
  rollUps: dynamoDbRollUps(dynamoDb, env.INSIGHTS_TABLE_NAME),
  outcomes: dynamoDbOutcomeLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  directory: dynamoDbDirectoryStore(dynamoDb, env.DIRECTORY_TABLE_NAME),
  reports: s3ReportStore(new S3Client({}), env.REPORT_BUCKET_NAME),
  prices: pricesFile(import.meta.url),
  settings: env.OUTPACE_SETTINGS,
});
