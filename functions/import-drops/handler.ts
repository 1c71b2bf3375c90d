import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms } from "../adapters/pseudonyms.ts";
import { s3Drops } from "../adapters/s3-drops.ts";
import { secretText } from "../adapters/secrets.ts";
import { type ImportDropsHandler, importDropsHandler } from "./import-drops.ts";

const env = environment(
  z.object({
    DIRECTORY_TABLE_NAME: z.string().min(1),
    PSEUDONYM_SECRET_ARN: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);

const pseudonymKey = secretText(new SecretsManagerClient({}), env.PSEUDONYM_SECRET_ARN);

export const handler: ImportDropsHandler = importDropsHandler({
  drops: s3Drops(new S3Client({})),
  directory: dynamoDbDirectoryStore(new DynamoDBClient({}), env.DIRECTORY_TABLE_NAME),
  pseudonyms: async () => hmacPseudonyms(await pseudonymKey()),
  settings: env.OUTPACE_SETTINGS,
  emitMetrics: (values) => emitMetrics(values),
});
