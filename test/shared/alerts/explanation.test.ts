import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Alert, aboutWhom } from "../../../shared/alerts/alert.ts";
import { emailText } from "../../../shared/alerts/alert-email.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { textOf } from "../../../shared/alerts/phrase.ts";
import { NOT_COUNTED_WORDS } from "../../../shared/outcomes/delivery-unit.ts";
import {
  aDayAlert,
  anEvidence,
  aSessionAlert,
  aTeamAlert,
  aWindowAlert,
  usd,
} from "../../support/alerts.ts";

/** The e-mail with its lines joined, so that a sentence can be looked up. */
function sentencesOf(alert: Alert): string {
  return emailText(explain(alert)).replace(/\s+/g, " ");
}

/** `$1,234.50 less: …` is -123450. */
function printedCents(item: string): number {
  const [amount = "", kind] = item.replace(":", "").split(" ");
  const cents = Number(amount.replace(/[$,.]/g, ""));
  return kind === "less" ? -cents : cents;
}

describe("explain", () => {
  test("a person's week reads so", () => {
    expect(emailText(explain(aWindowAlert()))).toBe(WINDOW_EMAIL);
  });

  test("an open session reads so", () => {
    expect(emailText(explain(aSessionAlert()))).toBe(SESSION_EMAIL);
  });

  test("a person's day speaks of spend alone, and of nobody else's days", () => {
    const email = sentencesOf(aDayAlert());

    expect(email).toContain(
      "$96.40 of AI spend by one person in team-checkout on 2026-10-06 is far above that person's usual day.",
    );
    expect(email).toContain("This looks at spend alone");
    expect(email).toContain("- $77.85 more: more use of dearer models");
    expect(email).toContain("Spend of one session: $24.10 against a usual $3.10");
    expect(email).not.toContain("No delivered work is credited");
  });

  test("a team's week is about the team: it names no person and no session", () => {
    const email = sentencesOf(aTeamAlert());

    expect(email).toContain("so this is about the team and about nobody in it");
    expect(email).toContain("- $970.00 more: a higher price for the same tokens");
    expect(email).toContain("The team usually spends $812.50 in such a period.");
    expect(email).not.toMatch(/user-017|pseudonym of|The sessions that cost most/);
  });

  test.each([
    aWindowAlert({ id: "a-1" }),
    aSessionAlert({ id: "a-2" }),
    aDayAlert({ id: "a-3" }),
    aTeamAlert({ id: "a-4" }),
  ])("accuses nobody and ranks nobody, in $type", (alert) => {
    expect(emailText(explain(alert))).not.toMatch(
      /gaming|game|cheat|abus|tokenmaxx|burn|culprit|worst|top spender|rank/i,
    );
  });

  test.each([aWindowAlert(), aSessionAlert(), aDayAlert()])(
    "subject and headline of $type name no person, because a lock screen shows them",
    (alert) => {
      const { subject, headline } = explain(alert);

      expect(`${subject} ${headline}`).not.toContain(aboutWhom(alert.unit));
    },
  );

  test("what leads from the typical case to this one adds up to the cent, whatever is rounded", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), {
          minLength: 1,
          maxLength: 8,
        }),
        (medianNanoUsd, changes) => {
          const { expected } = anEvidence();
          const evidence = anEvidence({
            expected: { ...expected, medianNanoUsd },
            costNanoUsd: changes.reduce((sum, change) => sum + change, medianNanoUsd),
            bridge: changes.map((changeNanoUsd, at) => ({ step: `step-${at}`, changeNanoUsd })),
          });

          const { findings } = explain(aWindowAlert({ evidence }));

          const items = findings.find(({ title }) => title.startsWith("From the typical"))?.items;
          const [first = 0, ...others] = (items ?? []).map((item) => printedCents(textOf(item)));
          const last = others.pop() ?? first;
          expect(others.reduce((sum, cents) => sum + cents, first)).toBe(last);
        },
      ),
    );
  });

  test("nothing credited is not called no work", () => {
    const evidence = anEvidence({ delivery: { credit: 0, counted: [], notCounted: [] } });

    const email = sentencesOf(aWindowAlert({ evidence }));

    expect(email).toContain(
      "No delivered work is credited for it yet (as of 2026-10-12 05:00 UTC).",
    );
    expect(email).toContain("Work of this period that is still open ships");
  });

  test("without comparable cases it claims neither a usual range nor a certainty", () => {
    const { evidence } = aSessionAlert();

    const email = sentencesOf(
      aSessionAlert({ evidence: { ...evidence, calibrationUnits: 0, p: 1 } }),
    );

    expect(email).toContain("There is nothing comparable to measure it against yet.");
    expect(email).toContain("A fixed limit raised this alert, not a comparison");
    expect(email).toContain("$87.20 = $4.10 up to the fixed limit + $83.10 above it.");
    expect(email).not.toMatch(/eight of ten|About 1 in|Expect/);
  });

  test("without an excess it does not split the spend", () => {
    const evidence = anEvidence({ excessNanoUsd: 0n });

    expect(sentencesOf(aWindowAlert({ evidence }))).toContain("STAKE $412.50 in all.");
  });

  test("work that is merged and not shipped yet may still clear it", () => {
    const delivery = {
      credit: 0,
      counted: [],
      notCounted: [
        { id: "github:acme/web#1", reason: NOT_COUNTED_WORDS["not-deployed-yet"] },
        { id: "github:acme/web#2", reason: NOT_COUNTED_WORDS.undone },
      ],
    };

    expect(sentencesOf(aWindowAlert({ evidence: anEvidence({ delivery }) }))).toContain(
      "without being undone: github:acme/web#1. ",
    );
  });

  test("without an own past it does not speak of one", () => {
    const { ownUsualNanoUsd: _, ...evidence } = anEvidence();

    expect(sentencesOf(aWindowAlert({ evidence }))).not.toContain("same person");
  });

  test.each([
    [
      true,
      "What this person spent since 2026-09-07 is left out of their own usual, as alert week-user-017-2026-09-14 waits for an answer.",
    ],
    [
      false,
      "Alert week-user-017-2026-09-14 has waited for an answer for more than nine weeks: what this person spent since 2026-09-07 counts as their own usual again.",
    ],
  ])(
    "an earlier alert that nobody answered is named where it matters: frozen is %s",
    (isFrozen, words) => {
      const openAlert = { id: "week-user-017-2026-09-14", from: "2026-09-07", isFrozen };

      expect(sentencesOf(aWindowAlert({ evidence: anEvidence({ openAlert }) }))).toContain(words);
    },
  );

  test("a spend within the usual range is not told to shrink", () => {
    const { expected } = anEvidence();
    const evidence = anEvidence({ expected: { ...expected, highNanoUsd: usd("500") } });

    expect(sentencesOf(aWindowAlert({ evidence }))).not.toContain("less for the same work");
  });

  test("an id that an outsider chose becomes no part of the command", () => {
    const id = "session-user-017-x; rm -rf ~";

    const { nextSteps } = explain(aSessionAlert({ id }));

    const [command] = nextSteps.flatMap(({ commands = [] }) => commands);
    expect(command?.name).toBe("npm run alerts -- answer ALERT-ID ANSWER --by owner-shop");
    expect(sentencesOf(aSessionAlert({ id }))).toContain(`Alert id: ${id}`);
  });

  test("a command stays on one line, however long it is", () => {
    const id = `week-${"u".repeat(90)}`;

    expect(emailText(explain(aWindowAlert({ id })))).toContain(
      `\n  npm run alerts -- answer ${id} ANSWER --by owner-shop\n`,
    );
  });

  test("a long list of work is shortened, and says by how much", () => {
    const counted = Array.from({ length: 30 }, (_, at) => ({
      task: `WEB-${at}`,
      credit: 0.1,
      state: "provisional",
    }));
    const evidence = anEvidence({ delivery: { credit: 3, counted, notCounted: [] } });

    const email = sentencesOf(aWindowAlert({ evidence }));

    expect(email).toContain("WEB-7, 0.1 units (not final yet) - and 22 more like these");
    expect(email).toContain("WEB-0, WEB-1, WEB-2 and 27 more.");
  });

  test("signals come strongest first, each in its own unit", () => {
    const evidence = anEvidence({
      signals: [
        { signal: "cost-per-call", z: 1, value: 0.312, usual: 0.12, share: 0.2 },
        { signal: "own-usual", z: 1, value: 412.5, usual: 141.1, share: 0.5 },
        { signal: "a-new-signal", z: 1, value: 7.125, usual: 3, share: 0.3 },
        { signal: "repeated-calls", z: 1, value: 0.1, usual: 0.1, share: 0 },
      ],
    });

    expect(sentencesOf(aWindowAlert({ evidence }))).toContain(
      [
        "STRONGEST FIRST",
        "- Spend compared with this person's own past: $412.50 against a usual $141.10 (50 % of the evidence)",
        "- a-new-signal: 7.13 against a usual 3 (30 % of the evidence)",
        "- Cost of one model call: $0.312 against a usual $0.12 (20 % of the evidence)",
        "DOLLARS AT STAKE",
      ].join(" "),
    );
  });

  test("each signal of behaviour is said in words that need no statistics", () => {
    const said = (signal: string, value: number, usual: number) =>
      sentencesOf(
        aWindowAlert({
          evidence: anEvidence({ signals: [{ signal, z: 4, value, usual, share: 1 }] }),
        }),
      );

    expect(said("longest-sessions", 412.2, 61)).toContain(
      "- Model calls in each of the three longest sessions: 412 against a usual 61 (100 %",
    );
    expect(said("agents-per-session", 9.42, 0.6)).toContain(
      "- Sub-agents in one session: 9.4 against a usual 0.6",
    );
    expect(said("input-per-output", 211.7, 40)).toContain(
      "- Tokens read for each token written: 212 against a usual 40",
    );
    expect(said("small-tasks", 8.84, 1.1)).toContain(
      "- Delivery in tasks too small for a full unit, units that they lack: 8.8 against a usual 1.1",
    );
  });

  test("what is printed adds up to the cent, whatever the amounts", () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 15n });
    const sum = /STAKE \$([\d,.]+) = \$([\d,.]+) that such work usually takes \+ \$([\d,.]+) above/;

    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const [costNanoUsd, excessNanoUsd] = a > b ? [a, b] : [b, a];
        const evidence = anEvidence({ costNanoUsd, excessNanoUsd });
        const shown = sum.exec(sentencesOf(aWindowAlert({ evidence })))?.slice(1) ?? [];
        const [total, usual, above] = shown.map((text) => BigInt(text.replace(/[,.]/g, "")));
        expect(shown).toHaveLength(3);
        expect((usual ?? 0n) + (above ?? 0n)).toBe(total);
      }),
    );
  });
});

const WINDOW_EMAIL = `$412.50 of AI spend by one person in team-checkout in seven days is unusual
for the work delivered.

WHAT HAPPENED
user-017 (a pseudonym) of team-checkout spent $412.50 on AI tools from
2026-10-05 to 2026-10-11 (UTC, both days included). Delivered work credited
for it by 2026-10-12 05:00 UTC: 1.5 units; a unit is one finished piece of
work.
- Counted: WEB-77, 1 unit (final)
- Counted: WEB-81, 0.5 units (not final yet)
- Not counted: github:acme/web#4250, because it was reverted or rolled back
- Not counted: github:acme/web#4261, because it changes nothing but
  generated, lock, vendored or whitespace lines

WHAT IS USUAL
Comparable people (team-checkout feature-work) who delivered as much spent
$130.00 in the typical (median) case, and eight of ten between $61.20 and
$259.75. This is 3.2 times the typical case. The same person usually spends
$141.10 in such a period.

FROM THE TYPICAL CASE TO THIS ONE
- $130.00: the typical case
- $20.00 more: less work was credited than usual here
- $8.90 less: what is usual here costs less than at comparable people
- $171.40 more: more model calls
- $62.00 more: more tokens in a call
- $40.00 more: more use of dearer models
- $2.00 less: more input read from the cache
- $412.50: what was spent

WHAT DROVE IT, STRONGEST FIRST
- Spend for the work delivered: $412.50 against a usual $130.00 (55 % of the
  evidence)
- Model calls in one session: 212 against a usual 60 (30 % of the evidence)
- Calls that repeat an earlier one: 41 % against a usual 8 % (15 % of the
  evidence)

DOLLARS AT STAKE
$412.50 = $111.29 that such work usually takes + $301.21 above it. The
sessions that cost most:
- 9d0bbe99: $120.40
- 1c44a7de: $88.12

HOW SURE THIS IS
Expect about 5 in 100 alerts like this one to be false. About 1 in 2,500
ordinary periods of seven days look as unusual, judged from 640 of them.
Delivered work counts as it was known 5 hours after the period. The week is
looked at again 72 hours and 14 days after its end; you are told only if
that changes the judgement.

WHAT ELSE IT MAY BE
None of these can be ruled out from here:
- The task was harder than its size shows.
- The work is still in review, or was merged too recently to count in full.
- It is work that no system here records: research, review, support, a
  prototype.
- The telemetry is incomplete: work or usage did not arrive, or is linked to
  somebody else.

WHAT WOULD CLEAR IT
- $152.75 less for the same work would be within what eight of ten
  comparable cases cost, $259.75 at most.
- Work that is not final yet ships, and stands 7 days without being undone:
  WEB-81.
- An outcome that is missing above is linked to its sessions, by session id,
  commit or branch.

HOW TO ANSWER
This message comes from a machine that reads no replies. Answer with one of
four words, by the command below or through whoever operates Outpace for
you; the last answer counts. After waste or wrong-data, nothing is learnt
from these seven days; after expected or planned, later weeks are measured
against them too. The operator can also find the person behind the
pseudonym. Alert id: week-user-017-2026-10-12
- waste: nothing useful came of it
- expected: such work takes as much
- planned: it was decided on beforehand, such as a migration
- wrong-data: the figures are wrong
  npm run alerts -- answer week-user-017-2026-10-12 ANSWER --by owner-shop
`;

const SESSION_EMAIL = `One open AI session in team-checkout has cost $87.20 so far. That is unusual
for a session that ends in delivered work.

WHAT HAPPENED
The open session 9d0bbe99 of user-017 (a pseudonym) of team-checkout had
cost $87.20 by 2026-10-06 14:20 UTC. No delivered work is credited for it
yet, as is normal while a session is open.

WHAT IS USUAL
Comparable sessions (team-checkout feature-work) that ended in delivered
work cost $4.10 in the typical (median) case, and eight of ten between $0.90
and $19.35. This is 21.3 times the typical case.

DOLLARS AT STAKE
$87.20 = $4.10 that such work usually takes + $83.10 above it.

HOW SURE THIS IS
Expect about 1 in 100 alerts like this one to be false. About 1 in 100
sessions that ended in delivered work cost as much, judged from 312 of them.

WHAT ELSE IT MAY BE
None of these can be ruled out from here:
- The task is harder or longer than most, and will be delivered.
- It is a planned long run, such as a migration.
- It is work that no system here records: research, review, support, a
  prototype.
- The telemetry is incomplete: work or usage did not arrive, or is linked to
  somebody else.

WHAT WOULD CLEAR IT
- $67.85 less for the same work would be within what eight of ten comparable
  cases cost, $19.35 at most.
- The session ends, its work ships, and stands 7 days without being undone.
- An outcome that it led to is linked to it, by session id, commit or
  branch.

HOW TO ANSWER
If nobody knows why this session runs, ask for it to be ended: it goes on
spending. This message comes from a machine that reads no replies. Answer
with one of four words, by the command below or through whoever operates
Outpace for you; the last answer counts. After waste or wrong-data, nothing
is learnt from the weeks that this is in; the other answers are kept with
the alert. The operator can also find the person behind the pseudonym. Alert
id: session-user-017-9d0bbe99
- waste: nothing useful came of it
- expected: such work takes as much
- planned: it was decided on beforehand, such as a migration
- wrong-data: the figures are wrong
  npm run alerts -- answer session-user-017-9d0bbe99 ANSWER --by owner-shop
`;
