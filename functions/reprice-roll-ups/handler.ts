import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { namesOfPeople } from "../../shared/directory/names-of-person.ts";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { grainAuthority } from "../../shared/ledger/grain-authority.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbRollUps } from "../adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../adapters/dynamodb-usage-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { pricesFile } from "../adapters/prices-file.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { repriceRollUpsHandler } from "./reprice-roll-ups.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    INSIGHTS_TABLE_NAME: z.string().min(1),
    DIRECTORY_TABLE_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);
const client = new DynamoDBClient({});
const directory = dynamoDbDirectoryStore(client, env.DIRECTORY_TABLE_NAME);

export const handler = repriceRollUpsHandler({
  ledger: dynamoDbUsageLedger(client, env.LEDGER_TABLE_NAME, identityHash),
  rollUps: dynamoDbRollUps(client, env.INSIGHTS_TABLE_NAME),
  namesOf: async () => namesOfPeople(await directory.read()),
  priceBook: genaiPriceBook(pricesFile(import.meta.url)),
  authority: grainAuthority(env.OUTPACE_SETTINGS.authorities),
});
