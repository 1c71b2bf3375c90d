import { readFile } from "node:fs/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  directorySubject,
  dynamoDbDirectoryStore,
} from "../../functions/adapters/dynamodb-directory-store.ts";
import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import { secretText } from "../../functions/adapters/secrets.ts";
import { settingsOf } from "../config/function-settings.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";
import { directoryCommand } from "./directory-command.ts";

await runCommand((args) =>
  directoryCommand(args, {
    ...processTerminal,
    readFile: (path) => readFile(path),
    settings: async () => settingsOf(await loadConfiguration(process.env["OUTPACE_CONFIG"])),
    names: (deployed) => {
      const { client, output } = connect(deployed);
      const dynamoDb = new DynamoDBClient(client);
      const tableName = output("DirectoryTableName");
      const key = secretText(new SecretsManagerClient(client), output("PseudonymSecretArn"));
      return {
        read: dynamoDbDirectoryStore(dynamoDb, tableName).read,
        subjectOf: (user) => directorySubject(dynamoDb, tableName, user),
        pseudonyms: async () => hmacPseudonyms(await key()),
      };
    },
    upload: async (deployed, key, text) => {
      const { client, output } = connect(deployed);
      await new S3Client(client).send(
        new PutObjectCommand({
          Bucket: output("DropBucketName"),
          Key: key,
          Body: text,
          ContentType: "text/csv; charset=utf-8",
        }),
      );
    },
  }),
);
