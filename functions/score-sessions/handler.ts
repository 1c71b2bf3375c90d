import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbAlertOutbox } from "../adapters/dynamodb-alert-outbox.ts";
import { dynamoDbAlertRegister } from "../adapters/dynamodb-alert-register.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbOutcomeLedger } from "../adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbRollUps } from "../adapters/dynamodb-roll-ups.ts";
import { dynamoDbRunawayLimits } from "../adapters/dynamodb-runaway-limits.ts";
import { dynamoDbSessionScores } from "../adapters/dynamodb-session-scores.ts";
import { environment } from "../adapters/environment.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { scoreSessionsHandler } from "./score-sessions.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    INSIGHTS_TABLE_NAME: z.string().min(1),
    DIRECTORY_TABLE_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);
const client = new DynamoDBClient({});

export const handler = scoreSessionsHandler({
  rollUps: dynamoDbRollUps(client, env.INSIGHTS_TABLE_NAME),
  outcomes: dynamoDbOutcomeLedger(client, env.LEDGER_TABLE_NAME, identityHash),
  directory: dynamoDbDirectoryStore(client, env.DIRECTORY_TABLE_NAME),
  limits: dynamoDbRunawayLimits(client, env.INSIGHTS_TABLE_NAME),
  sessionScores: dynamoDbSessionScores(client, env.INSIGHTS_TABLE_NAME),
  outbox: dynamoDbAlertOutbox(client, env.INSIGHTS_TABLE_NAME),
  register: dynamoDbAlertRegister(client, env.INSIGHTS_TABLE_NAME),
  settings: env.OUTPACE_SETTINGS,
  nowMs: Date.now,
});
