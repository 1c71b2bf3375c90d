import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbAlertRegister } from "../../functions/adapters/dynamodb-alert-register.ts";
import { dynamoDbDirectoryStore } from "../../functions/adapters/dynamodb-directory-store.ts";
import { dynamoDbOutcomeLedger } from "../../functions/adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { progressLine } from "../demo/progress.ts";
import { backtestCommand } from "./backtest-command.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";

await runCommand((args) =>
  backtestCommand(args, {
    ...processTerminal,
    configuration: () => loadConfiguration(process.env["OUTPACE_CONFIG"]),
    connect: (deployed) => {
      const { client, output } = connect(deployed);
      const dynamoDb = new DynamoDBClient(client);
      const ledger = output("LedgerTableName");
      return {
        ledger: dynamoDbUsageLedger(dynamoDb, ledger, identityHash),
        rollUps: dynamoDbRollUps(dynamoDb, output("InsightsTableName")),
        outcomes: dynamoDbOutcomeLedger(dynamoDb, ledger, identityHash),
        directory: dynamoDbDirectoryStore(dynamoDb, output("DirectoryTableName")),
        register: dynamoDbAlertRegister(dynamoDb, output("InsightsTableName")),
      };
    },
    progress: progressLine(process.stderr, Date.now),
    nowMs: Date.now,
  }),
);
