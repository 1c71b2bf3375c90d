import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbOutcomeLedger } from "../../functions/adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbQuarantine } from "../../functions/adapters/dynamodb-quarantine.ts";
import { dynamoDbUsageLedger } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";
import { quarantineCommand } from "./quarantine-command.ts";

await runCommand((args) =>
  quarantineCommand(args, {
    ...processTerminal,
    connect: (deployed) => {
      const { client, output } = connect(deployed);
      const dynamoDb = new DynamoDBClient(client);
      const tableName = output("LedgerTableName");
      return {
        quarantine: dynamoDbQuarantine(dynamoDb, tableName, identityHash),
        usageLedger: dynamoDbUsageLedger(dynamoDb, tableName, identityHash),
        outcomeLedger: dynamoDbOutcomeLedger(dynamoDb, tableName, identityHash),
      };
    },
    nowMs: Date.now,
  }),
);
