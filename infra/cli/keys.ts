import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import { secretText } from "../../functions/adapters/secrets.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";
import { keysCommand } from "./keys-command.ts";

await runCommand((args) =>
  keysCommand(args, {
    ...processTerminal,
    connect: (deployed) => {
      const { client, output } = connect(deployed);
      const key = secretText(new SecretsManagerClient(client), output("PseudonymSecretArn"));
      return {
        keys: dynamoDbSenderKeys(new DynamoDBClient(client), output("DirectoryTableName")),
        pseudonyms: async () => hmacPseudonyms(await key()),
        apiUrl: output("ApiUrl"),
      };
    },
    randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    nowMs: Date.now,
  }),
);
