import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbAlertRegister } from "../../functions/adapters/dynamodb-alert-register.ts";
import { alertsCommand } from "./alerts-command.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";

await runCommand((args) =>
  alertsCommand(args, {
    ...processTerminal,
    connect: (deployed) => {
      const { client, output } = connect(deployed);
      return dynamoDbAlertRegister(new DynamoDBClient(client), output("InsightsTableName"));
    },
    nowMs: Date.now,
  }),
);
