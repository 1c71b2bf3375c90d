import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbDirectoryStore } from "../../functions/adapters/dynamodb-directory-store.ts";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { namesOfPeople } from "../../shared/directory/names-of-person.ts";
import { grainAuthority } from "../../shared/ledger/grain-authority.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";
import { repriceCommand } from "./reprice-command.ts";

await runCommand((args) =>
  repriceCommand(args, {
    ...processTerminal,
    connect: async (deployed) => {
      const { client, output } = connect(deployed);
      const { prices, authorities } = await loadConfiguration(process.env["OUTPACE_CONFIG"]);
      const dynamoDb = new DynamoDBClient(client);
      const directory = dynamoDbDirectoryStore(dynamoDb, output("DirectoryTableName"));
      return {
        ledger: dynamoDbUsageLedger(dynamoDb, output("LedgerTableName"), identityHash),
        rollUps: dynamoDbRollUps(dynamoDb, output("InsightsTableName")),
        namesOf: async () => namesOfPeople(await directory.read()),
        priceBook: genaiPriceBook(prices),
        authority: grainAuthority(authorities),
      };
    },
  }),
);
