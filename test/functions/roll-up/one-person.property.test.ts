import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { repriceDays } from "../../../functions/reprice-roll-ups/reprice-days.ts";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import { type NamesOf, namesOfPeople } from "../../../shared/directory/names-of-person.ts";
import { daysThatDependOn } from "../../../shared/ledger/across-midnight.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { segmentKey } from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { callFaults, faultyDynamoDb } from "../../support/faulty-dynamodb.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

/** The price of a call is its input, so that every call is told by its cost. */
const priceBook = {
  version: "input-1",
  listCost: ({ tokens }: { tokens: { uncachedInput: number } }) => BigInt(tokens.uncachedInput),
};
const MIDNIGHT = Date.UTC(2028, 2, 1);
const PERIOD = { from: "2028-02-28", to: "2028-03-03" };
const NAMES = ["user-017", "user-018", "key", "machine"] as const;

const aCall = fc
  .record({
    id: fc.integer({ min: 0, max: 4 }),
    user: fc.constantFrom(...NAMES),
    session: fc.constantFrom("s#1", "s|2"),
    minute: fc.integer({ min: -2, max: 2 }),
  })
  .map(({ id, user, session, minute }) =>
    aUsageEvent({
      id: `anthropic:req_${id}`,
      user,
      session,
      timeMs: MIDNIGHT + minute * 60_000 + id,
      // Of one identity in one segment there is one content: another would be a conflict.
      tokens: { uncachedInput: 2 ** (id * 3) * (4 + minute) },
    }),
  );

const aDelivery = fc.record({
  kind: fc.constant("delivery" as const),
  calls: fc.array(aCall, { minLength: 1, maxLength: 4 }),
  /** What it recomputes by is not what the directory says by now, but what it said before. */
  isBehind: fc.boolean(),
});

/** A name is given to a person, or is a person of its own again. */
const aChange = fc.record({
  kind: fc.constant("change" as const),
  alias: fc.constantFrom("key", "machine"),
  person: fc.constantFrom("user-017", "user-018", undefined),
});

const aHistory = fc.record({
  steps: fc.array(fc.oneof({ arbitrary: aDelivery, weight: 2 }, aChange), {
    minLength: 1,
    maxLength: 7,
  }),
  faults: callFaults(15),
});
type History = typeof aHistory extends fc.Arbitrary<infer T> ? T : never;

/** Senders, changes of the directory and roll-ups at once; then a night's run; then what is stored. */
async function live({ steps, faults }: History, scheduler: fc.Scheduler) {
  const client = faultyDynamoDb(faults, scheduler);
  const ledger = dynamoDbUsageLedger(client, "Ledger", identityHash);
  const rollUps = dynamoDbRollUps(client, "Insights");
  const aliases = new Map<string, string>();
  const known = [namesOfPeople({ aliases: new Map() })];
  const deps = { ledger, rollUps, priceBook, authority: REQUESTS_FIRST };

  const rollUp = (calls: readonly UsageEvent[], namesOf: () => NamesOf) =>
    Promise.all(
      calls.flatMap((call) =>
        daysThatDependOn(segmentKey(call)).map((day) =>
          untilDone(() => recomputeDay(deps, namesOf()(call.user), day)),
        ),
      ),
    );
  const change = async (alias: string, person: string | undefined) => {
    await scheduler.schedule(Promise.resolve());
    if (person === undefined) {
      aliases.delete(alias);
    } else {
      aliases.set(alias, person);
    }
    known.push(namesOfPeople({ aliases: new Map(aliases) }));
  };
  const take = async (step: History["steps"][number]) => {
    if (step.kind === "change") {
      await change(step.alias, step.person);
      return;
    }
    await untilDone(() => ledger.append(step.calls));
    await rollUp(step.calls, () => known.at(step.isBehind ? -2 : -1) ?? namesOfAll(known));
  };
  await scheduler.waitFor(Promise.all(steps.map(take)));
  const namesOf = namesOfAll(known);
  await scheduler.waitFor(
    untilDone(async () => {
      const { failed } = await repriceDays(
        { ...deps, namesOf: async () => namesOf },
        { ...PERIOD, all: false },
      );
      if (failed.length > 0) {
        throw new Error("slow");
      }
    }),
  );
  const stored = await scheduler.waitFor(
    untilDone(() => rollUps.readBetween(PERIOD.from, PERIOD.to)),
  );
  return { ...stored, namesOf };
}

function namesOfAll(known: readonly NamesOf[]): NamesOf {
  return known.at(-1) ?? ((user) => [user]);
}

async function untilDone<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (
        !(error instanceof Error) ||
        !/slow|not available|another recomputation/.test(error.message)
      ) {
        throw error;
      }
    }
  }
}

/** Of each person and identity the earliest call: worked out apart from the fold. */
function countedOnce(calls: readonly UsageEvent[], namesOf: NamesOf): readonly UsageEvent[] {
  const order = ({ timeMs, session, user }: UsageEvent) => `${timeMs} ${session} ${user}`;
  const first = new Map<string, UsageEvent>();
  for (const call of calls) {
    const place = `${namesOf(call.user)[0]} ${call.id}`;
    const earlier = first.get(place);
    if (earlier === undefined || order(call) < order(earlier)) {
      first.set(place, call);
    }
  }
  return [...first.values()];
}

function costs(calls: readonly UsageEvent[], keyOf: (call: UsageEvent) => string) {
  const sums = new Map<string, bigint>();
  for (const call of calls) {
    sums.set(keyOf(call), (sums.get(keyOf(call)) ?? 0n) + BigInt(call.tokens.uncachedInput));
  }
  return [...sums].sort();
}

describe("calls under several names, changes of the directory, faults and roll-ups at once", () => {
  test("end, after a night, with each call of a person once, on the name that stated it first", async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, fc.scheduler(), async (history, scheduler) => {
        const { userDays, sessionDays, namesOf } = await live(history, scheduler);

        const sent = history.steps.flatMap((step) => (step.kind === "delivery" ? step.calls : []));
        const counted = countedOnce(sent, namesOf);
        expect(
          userDays
            .filter(({ calls }) => calls > 0)
            .map(({ user, day, costNanoUsd }) => [`${user} ${day}`, costNanoUsd])
            .sort(),
        ).toEqual(costs(counted, ({ user, timeMs }) => `${user} ${dayOf(timeMs)}`));
        expect(
          sessionDays
            .filter(({ calls }) => calls > 0)
            .map(({ user, day, session, costNanoUsd }) => [
              `${user} ${day} ${session}`,
              costNanoUsd,
            ])
            .sort(),
        ).toEqual(costs(counted, (call) => `${call.user} ${dayOf(call.timeMs)} ${call.session}`));
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
