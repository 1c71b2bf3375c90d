import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbSessionScores } from "../../functions/adapters/dynamodb-session-scores.ts";
import { plainSessionDay } from "../support/plain-roll-ups.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";
import { aSessionDay } from "../support/session-day-builder.ts";

const FROM = "2026-10-05";
const TO = "2026-10-06";
/** More than a page of 1 MB holds: each has a long list of commits. */
const SESSIONS = 60;
const COMMITS = Array.from({ length: 500 }, (_, at) => `${at}`.padStart(40, "0"));

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

describe("session-days and scores of one person, in one partition", () => {
  test("are read apart, page after page, each of them once", async () => {
    const table = stack.output("InsightsTableName");
    const rollUps = dynamoDbRollUps(stack.dynamoDb, table);
    const scores = dynamoDbSessionScores(stack.dynamoDb, table);
    const days = Array.from({ length: SESSIONS }, (_, at) =>
      aSessionDay({ session: `s${10 + at}`, calls: at, commits: COMMITS }),
    );
    const stored = days.map(({ user, session, day }) => ({
      user,
      session,
      day,
      score: `fresh-scored ${session}`,
    }));

    await Promise.all([...days.map(rollUps.putSessionDay), ...stored.map(scores.put)]);
    await stack.host.idle();

    const read = await rollUps.readBetween(FROM, TO);
    expect(read.sessionDays.map(plainSessionDay)).toEqual(days);
    expect(read.userDays).toEqual([]);
    expect(await scores.readBetween(FROM, TO)).toEqual(stored);
  });
});
