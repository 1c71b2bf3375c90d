import { describe, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../../functions/adapters/dynamodb-usage-ledger.ts";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { repriceDays } from "../../../functions/reprice-roll-ups/reprice-days.ts";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import {
  type NamesOf,
  namesOfPeople,
  ONE_NAME_EACH,
} from "../../../shared/directory/names-of-person.ts";
import { daysThatDependOn } from "../../../shared/ledger/across-midnight.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { segmentKey } from "../../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { dynamoDbDouble } from "../../support/dynamodb-double.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const JOINED = namesOfPeople({ aliases: new Map([["key", "mail"]]) });
const NOON = Date.UTC(2026, 9, 5, 12);
const MIDNIGHT = Date.UTC(2026, 9, 6);
const PERIOD = { from: "2026-10-01", to: "2026-10-10" };
/** More than a recomputation makes. */
const MOST_CALLS = 40;

/** A stack of which one function can be held up, or ended, behind any of its AWS calls. */
function aStack() {
  let calls = Number.NEGATIVE_INFINITY;
  let meanwhile: () => Promise<void> = async () => undefined;
  const client = dynamoDbDouble(async (effect) => {
    const answer = effect();
    calls -= 1;
    if (calls === 0) {
      await meanwhile();
    }
    return answer;
  });
  const ledger = dynamoDbUsageLedger(client, "Ledger", identityHash);
  const rollUps = dynamoDbRollUps(client, "Insights");
  const deps = {
    ledger,
    rollUps,
    priceBook: flatPriceBook({ "claude-sonnet-4-5": 1n }),
    authority: REQUESTS_FIRST,
  };
  const rollUp = async (event: UsageEvent, namesOf: NamesOf) => {
    for (const day of daysThatDependOn(segmentKey(event))) {
      await recomputeDay(deps, namesOf(event.user), day);
    }
  };
  return {
    rollUp,
    send: async (event: UsageEvent, namesOf: NamesOf) => {
      await ledger.append([event]);
      await rollUp(event, namesOf);
    },
    /** What happens behind the call of that number, of those to come. */
    behind: (number: number, what: () => Promise<void>) => {
      [calls, meanwhile] = [number, what];
    },
    night: (namesOf: NamesOf) =>
      repriceDays({ ...deps, namesOf: async () => namesOf }, { ...PERIOD, all: false }),
    calls: async () => {
      const { userDays, sessionDays } = await rollUps.readBetween(PERIOD.from, PERIOD.to);
      const spending = userDays.filter((each) => each.calls > 0);
      return [
        Object.fromEntries(spending.map((each) => [`${each.user} ${each.day}`, each.calls])),
        sessionDays.map((each) => `${each.user} ${each.session} ${each.calls}`).sort(),
      ];
    },
  };
}

describe.each([
  { what: "on one day", at: NOON, days: ["2026-10-05", "2026-10-05"] },
  { what: "on both sides of midnight", at: MIDNIGHT, days: ["2026-10-05", "2026-10-06"] },
])("two functions that recompute a person's calls $what", ({ at, days }) => {
  const late = aUsageEvent({ user: "mail", session: "late", timeMs: at + 1 });
  const early = aUsageEvent({ user: "key", session: "early", timeMs: at - 60_000 });
  const other = aUsageEvent({ id: "other", user: "key", session: "other", timeMs: at + 2 });
  const numbers = Array.from({ length: MOST_CALLS }, (_, number) => number + 1);
  /** The call once, where it was told of first, and the other one. */
  const once =
    days[0] === days[1]
      ? [{ [`key ${days[0]}`]: 2 }, ["key early 1", "key other 1"]]
      : [{ [`key ${days[0]}`]: 1, [`key ${days[1]}`]: 1 }, ["key early 1", "key other 1"]];

  const knowledge = [
    { who: "both know the names", first: JOINED, second: JOINED },
    { who: "the second does not know yet that they are one", first: JOINED, second: ONE_NAME_EACH },
    { who: "the first does not know yet that they are one", first: ONE_NAME_EACH, second: JOINED },
    { who: "neither knows that they are one", first: ONE_NAME_EACH, second: ONE_NAME_EACH },
  ];
  const sent = [
    { whose: "another name's", more: [early, other], expected: once },
    {
      whose: "the same name's",
      more: [{ ...other, user: "mail" }],
      expected: [{ [`mail ${days[1]}`]: 2 }, ["mail late 1", "mail other 1"]],
    },
  ];

  test.each(knowledge.flatMap((each) => sent.map((calls) => ({ ...each, ...calls }))))(
    "lose no entry whichever call $whose write falls into: $who",
    async (run) => {
      const { first, second, more, expected } = run;
      for (const number of numbers) {
        const stack = aStack();
        await stack.send(late, ONE_NAME_EACH);
        let isSent = false;
        const sendMore = async () => {
          isSent = true;
          for (const event of more) {
            await stack.send(event, second);
          }
        };
        stack.behind(number, sendMore);
        await stack.rollUp(late, first);
        if (!isSent) {
          await sendMore();
        }

        await stack.night(JOINED);

        expect([number, await stack.calls()]).toEqual([number, expected]);
      }
    },
  );

  test("leave nothing that a night does not find, whichever call one ends behind", async () => {
    for (const number of numbers) {
      const stack = aStack();
      await stack.send(late, JOINED);
      await stack.send(other, ONE_NAME_EACH);
      stack.behind(number, () => Promise.reject(new Error("killed")));
      await stack.send(early, JOINED).catch(() => undefined);
      stack.behind(Number.POSITIVE_INFINITY, async () => undefined);
      // The stream brings the record again, to a function that does not know the names.
      await stack.send(early, ONE_NAME_EACH);

      await stack.night(JOINED);

      expect([number, await stack.calls()]).toEqual([number, once]);
    }
  });

  const twice = [
    days[0] === days[1]
      ? { "key 2026-10-05": 2, "mail 2026-10-05": 1 }
      : { "key 2026-10-05": 1, "key 2026-10-06": 1, "mail 2026-10-06": 1 },
    ["key early 1", "key other 1", "mail late 1"],
  ];

  test("end as two people's once the names are parted again", async () => {
    const stack = aStack();
    for (const event of [late, early, other]) {
      await stack.send(event, JOINED);
    }
    expect(await stack.calls()).toEqual(once);

    await stack.night(ONE_NAME_EACH);

    expect(await stack.calls()).toEqual(twice);
  });

  test.each([
    { what: "a day that is stored", before: [late, other] },
    { what: "a new day", before: [] },
  ])("leave nothing of names that are parted before the retry, of $what", async ({ before }) => {
    for (const number of numbers) {
      const stack = aStack();
      for (const event of before) {
        await stack.send(event, ONE_NAME_EACH);
      }
      const events = [late, early, other].filter((event) => !before.includes(event));
      stack.behind(number, () => Promise.reject(new Error("killed")));
      for (const event of events) {
        await stack.send(event, JOINED).catch(() => undefined);
      }
      stack.behind(Number.POSITIVE_INFINITY, async () => undefined);
      for (const event of events) {
        await stack.send(event, ONE_NAME_EACH);
      }

      await stack.night(ONE_NAME_EACH);

      expect([number, await stack.calls()]).toEqual([number, twice]);
    }
  });
});
