import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { directoryLookup } from "../../shared/directory/directory.ts";
import { namesOfPeople } from "../../shared/directory/names-of-person.ts";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { grainAuthority } from "../../shared/ledger/grain-authority.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { RunawayLimits } from "../../shared/scoring/runaway-limit.ts";
import { dynamoDbAlertOutbox } from "../adapters/dynamodb-alert-outbox.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbRollUps } from "../adapters/dynamodb-roll-ups.ts";
import { dynamoDbRunawayLimits } from "../adapters/dynamodb-runaway-limits.ts";
import { dynamoDbUsageLedger } from "../adapters/dynamodb-usage-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { keptFor } from "../adapters/kept-for.ts";
import { pricesFile } from "../adapters/prices-file.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { rollUpHandler } from "./roll-up.ts";
import { watchSessions } from "./watch-sessions.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    INSIGHTS_TABLE_NAME: z.string().min(1),
    DIRECTORY_TABLE_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);
const KEPT_FOR_MS = 5 * 60_000;

const client = new DynamoDBClient({});
const rollUps = dynamoDbRollUps(client, env.INSIGHTS_TABLE_NAME);
const limits = dynamoDbRunawayLimits(client, env.INSIGHTS_TABLE_NAME);
const directory = dynamoDbDirectoryStore(client, env.DIRECTORY_TABLE_NAME);
const people = keptFor(KEPT_FOR_MS, async () => {
  const read = await directory.read();
  return { lookup: directoryLookup(read), namesOf: namesOfPeople(read) };
});

export const handler = rollUpHandler({
  ledger: dynamoDbUsageLedger(client, env.LEDGER_TABLE_NAME, identityHash),
  rollUps,
  namesOf: async () => (await people()).namesOf,
  priceBook: genaiPriceBook(pricesFile(import.meta.url)),
  authority: grainAuthority(env.OUTPACE_SETTINGS.authorities),
  watchSessions: watchSessions({
    rollUps,
    limits: keptFor(KEPT_FOR_MS, async () => {
      const text = await limits.read();
      return text === undefined ? undefined : JsonText.pipe(RunawayLimits).parse(text);
    }),
    directory: async () => (await people()).lookup,
    outbox: dynamoDbAlertOutbox(client, env.INSIGHTS_TABLE_NAME),
    settings: env.OUTPACE_SETTINGS,
    nowMs: Date.now,
  }),
});
