import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { anIncident, linesAdded, MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { creditsOver, HOUR_MS } from "../../support/gaming.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

const COMMITS = ["aaaaaaa1", "aaaaaaa2", "bbbbbbb1", "ccccccc1"];
const ARTIFACTS = ["sha256:a", "sha256:b"];
const IDS = Array.from({ length: 10 }, (_, at) => `outcome-${at}`);
const hours = fc.integer({ min: 0, max: 400 });

/** Changes, deployments, reverts and rollbacks that meet, as they have few names. */
const work = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        "change_merged" as const,
        "deployment" as const,
        "issue_resolved" as const,
      ),
      at: hours,
      branch: fc.constantFrom("feat/x", "feat/y", "main"),
      commits: fc.uniqueArray(fc.constantFrom(...COMMITS), { maxLength: 2 }),
      lines: fc.nat(60),
      status: fc.constantFrom("succeeded" as const, "succeeded" as const, "rolled_back" as const),
      environment: fc.constantFrom("production", "staging"),
      references: fc.record(
        {
          artifact: fc.constantFrom(...ARTIFACTS),
          change: fc.constantFrom(...IDS),
          reverts: fc.constantFrom(...IDS, ...COMMITS),
        },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: IDS.length },
  )
  .map((all) =>
    all.map(({ at, lines, references, ...rest }, n): OutcomeEvent => {
      const timeMs = MERGED_MS + at * HOUR_MS;
      return anOutcomeEvent({
        id: IDS[n] ?? "",
        timeMs,
        size: linesAdded(lines),
        ...rest,
        ...references,
      });
    }),
  );

const incidents = fc
  .array(
    fc.record({
      at: hours,
      user: fc.constantFrom("unattributed", "user-017"),
      environment: fc.constantFrom("production", "Production", "staging"),
      commits: fc.uniqueArray(fc.constantFrom(...COMMITS), { maxLength: 2 }),
      names: fc.record(
        { artifact: fc.constantFrom(...ARTIFACTS), change: fc.constantFrom(...IDS) },
        { requiredKeys: [] },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ at, names, ...rest }, n) =>
      anIncident({
        id: `incident-${n}`,
        // Not in the millisecond of any work: what comes first would depend on ids.
        timeMs: MERGED_MS + (at + 0.5) * HOUR_MS,
        ...rest,
        ...names,
      }),
    ),
  );

const INCIDENT_IDS = [0, 1, 2, 3].map((n) => `incident-${n}`);

/** What somebody with another key can send of incidents, under any id. */
const counterfeits = fc
  .array(
    fc.record({
      at: hours,
      id: fc.constantFrom(...INCIDENT_IDS, "withdrawal-1", "withdrawal-2"),
      names: fc.record(
        { artifact: fc.constantFrom(...ARTIFACTS), reverts: fc.constantFrom(...INCIDENT_IDS) },
        { requiredKeys: [] },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ at, id, names }) =>
      anIncident({
        id,
        timeMs: MERGED_MS + (at + 0.25) * HOUR_MS,
        environment: "production",
        sentBy: "another-key",
        ...names,
      }),
    ),
  );

const totals = (outcomes: readonly OutcomeEvent[]) =>
  creditsOver(outcomes, []).map(({ total }) => total);

const LATER = { asOfMs: MERGED_MS + 30 * DAY_MS };

describe("incidents", () => {
  test("never earn: with them there is never more credit, at any moment", () => {
    fc.assert(
      fc.property(work, incidents, (delivered, trouble) => {
        const without = totals(delivered);

        const more = totals([...delivered, ...trouble]).filter((sum, n) => sum > (without[n] ?? 0));

        expect(more).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("that are withdrawn leave everything as it would be without them", () => {
    fc.assert(
      fc.property(work, incidents, (delivered, trouble) => {
        const withdrawals = trouble.map(({ id }, n) =>
          anIncident({ id: `withdrawn-${n}`, timeMs: LATER.asOfMs - 1, reverts: id }),
        );
        const credits = (outcomes: readonly OutcomeEvent[]) =>
          unitsOf(outcomes, LATER).flatMap(({ id, creditMicroUnits }) =>
            creditMicroUnits === 0 ? [] : [{ id, creditMicroUnits }],
          );

        expect(credits([...delivered, ...trouble, ...withdrawals])).toEqual(credits(delivered));
      }),
    );
  });

  test("cannot be withdrawn or silenced with another key: what it sends never brings credit back", () => {
    fc.assert(
      fc.property(work, incidents, counterfeits, (delivered, trouble, sent) => {
        const reported = trouble.map((incident) => ({ ...incident, sentBy: "key-of-monitoring" }));
        const without = totals([...delivered, ...reported]);

        const more = totals([...delivered, ...reported, ...sent]).filter(
          (sum, n) => sum > (without[n] ?? 0),
        );

        expect(more).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("count the same in whatever order all of it arrives", () => {
    const shuffled = fc.tuple(work, incidents).chain(([delivered, trouble]) => {
      const all = [...delivered, ...trouble];
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });

    fc.assert(
      fc.property(shuffled, ([all, inOtherOrder]) => {
        expect(unitsOf(inOtherOrder, LATER)).toEqual(unitsOf(all, LATER));
      }),
    );
  });

  test("that are told of twice, under one id or by another event, are one", () => {
    fc.assert(
      fc.property(work, incidents, (delivered, trouble) => {
        const once = [...delivered, ...trouble];
        const reported = trouble.map((incident) => ({
          ...incident,
          id: `${incident.id}-reported`,
          timeMs: incident.timeMs + 1,
        }));

        expect(unitsOf([...once, ...trouble], LATER)).toEqual(unitsOf(once, LATER));
        expect(totals([...once, ...reported])).toEqual(totals(once));
      }),
    );
  });
});
