import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { aDeployment, linesAdded, MERGED_MS } from "../../support/delivery.ts";
import {
  aChange,
  creditsOver,
  GAMER,
  gains,
  HOUR_MS,
  othersWork,
  someSessions,
} from "../../support/gaming.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

/** Of one change ten units' worth of lines count. */
const MOST_LINES = 200;
const TEN = Array.from({ length: 10 }, (_, at) => at);
const manyLines = fc.integer({ min: 1, max: 60 }).map((lines) => lines * 10);

/** True of whatever others do and whoever has sessions: gaming never earns more than honest work. */
function expectNoGain(
  gamed: (lines: number) => readonly OutcomeEvent[],
  honest: (lines: number) => readonly OutcomeEvent[],
) {
  fc.assert(
    fc.property(othersWork, someSessions, manyLines, (others, sessions, lines) => {
      const fair = creditsOver([...others, ...honest(lines)], sessions);

      expect(gains(creditsOver([...others, ...gamed(lines)], sessions), fair)).toEqual([]);
    }),
  );
}

const whole =
  (overrides: Partial<OutcomeEvent> = {}) =>
  (lines: number) => [aChange({ size: linesAdded(lines), ...overrides })];

describe("splitting one change into ten", () => {
  const parts = (details: (at: number) => Partial<OutcomeEvent>) => (lines: number) =>
    TEN.map((at) =>
      aChange({
        id: `part-${at}`,
        timeMs: MERGED_MS + at * 2 * HOUR_MS,
        size: linesAdded(lines / 10),
        ...details(at),
      }),
    );

  test("of one issue, on branches and in repositories of their own", () => {
    const task = "WEB-77";

    expectNoGain(
      parts((at) => ({ task, branch: `part-${at}`, repository: `acme/${at}` })),
      whole({ task }),
    );
  });

  test("on one branch", () => {
    expectNoGain(
      parts(() => ({ branch: "feat/x" })),
      whole(),
    );
  });

  test("of a stack of branches, where the changes share commits", () => {
    const commit = (at: number) => `abcdef${at}`;

    expectNoGain(
      parts((at) => ({
        branch: `part-${at}`,
        commits: at === 0 ? [commit(0)] : [commit(at - 1), commit(at)],
      })),
      whole(),
    );
  });

  test("pushed to the default branch", () => {
    expectNoGain(
      parts(() => ({ branch: "main" })),
      whole({ branch: "main" }),
    );
  });

  test("on ten branches that share not even files earns more, and by no more than its lines", () => {
    const credits = creditsOver(parts((at) => ({ branch: `part-${at}` }))(60), []);

    // 60 lines, where 20 are a unit: nothing says that these belong together.
    expect(credits.at(-1)?.total).toBe(3_000_000);
  });
});

describe("the same content again", () => {
  const revert = (id: string, reverts: string, hours: number) =>
    anOutcomeEvent({
      id,
      reverts,
      branch: `revert-${id}`,
      commits: [],
      user: GAMER,
      timeMs: MERGED_MS + hours * HOUR_MS,
    });

  test("merging, reverting, and reverting the revert", () => {
    const back = (lines: number) => [...whole()(lines), revert("r1", "change", 1)];

    expectNoGain(back, whole());
    expectNoGain((lines) => [...back(lines), revert("r2", "r1", 30)], whole());
    expectNoGain(
      (lines) => [...back(lines), revert("r2", "r1", 30), revert("r3", "r2", 60)],
      whole(),
    );
  });

  test("merging it again after each revert, from another branch", () => {
    const again = (lines: number) =>
      TEN.slice(0, 4).flatMap((at) => {
        const timeMs = MERGED_MS + at * 20 * HOUR_MS;
        const merged = aChange({ id: `c${at}`, branch: `b${at}`, timeMs, size: linesAdded(lines) });
        return at === 3 ? [merged] : [merged, revert(`r${at}`, `c${at}`, at * 20 + 10)];
      });

    fc.assert(
      fc.property(someSessions, manyLines, (sessions, lines) => {
        const fair = creditsOver(whole()(lines), sessions);

        expect(gains(creditsOver(again(lines), sessions), fair)).toEqual([]);
      }),
    );
  });

  test.each([
    { what: "the same artifact", link: { artifact: "sha256:aa" } },
    { what: "the same commit", link: { commits: ["feedbeef01"] } },
  ])("deploying $what ten times", ({ link }) => {
    const deploy = (at: number) =>
      aDeployment({ id: `d${at}`, user: GAMER, timeMs: MERGED_MS + at * HOUR_MS, ...link });

    expectNoGain(
      () => TEN.map(deploy),
      () => [deploy(0)],
    );
  });

  test("deploying a change ten times that was credited when merged", () => {
    const deploys = TEN.map((at) =>
      aDeployment({ id: `d${at}`, user: GAMER, change: "change", artifact: `sha256:${at}` }),
    );

    expectNoGain((lines) => [...whole()(lines), ...deploys], whole());
  });

  test("reporting one outcome ten times", () => {
    expectNoGain((lines) => TEN.flatMap(() => whole()(lines)), whole());
  });
});

describe("work of no content", () => {
  test("version bumps, lock files and whitespace beside a change", () => {
    const noOps = TEN.map((at) =>
      aChange({ id: `bump-${at}`, branch: `bump-${at}`, size: linesAdded(900, 900) }),
    );

    expectNoGain((lines) => [...whole()(lines), ...noOps], whole());
    expectNoGain(
      () => noOps,
      () => [],
    );
  });

  test("padding a change with ignored lines", () => {
    expectNoGain((lines) => whole({ size: linesAdded(lines + 900, 900) })(lines), whole());
  });
});

describe("a trivial change beside a wasteful session", () => {
  const wasteful = aSessionDay({
    session: "wasteful",
    user: GAMER,
    costNanoUsd: 500_000_000_000n,
    branches: ["trivial"],
  });
  const trivial = aChange({
    id: "trivial",
    branch: "trivial",
    size: linesAdded(1),
    task: "WEB-77",
  });

  test("on a task of its own it earns its own lines", () => {
    expect(creditsOver([trivial], [wasteful]).at(-1)?.person).toBe(50_000);
  });

  test("on a colleague's task it takes no more than its lines of the colleague's unit", () => {
    const hasSession = fc.boolean();

    fc.assert(
      fc.property(
        manyLines,
        hasSession,
        fc.integer({ min: -20, max: 20 }),
        (lines, known, hours) => {
          const colleagues = anOutcomeEvent({
            id: "real",
            task: "WEB-77",
            user: "user-018",
            branch: "real",
            commits: [],
            size: linesAdded(lines),
            timeMs: MERGED_MS + hours * HOUR_MS,
          });
          const session = aSessionDay({ session: "real", user: "user-018", branches: ["real"] });
          const issue = { ...trivial, id: "WEB-77", kind: "issue_resolved" as const };

          const later = creditsOver(
            [trivial, colleagues, issue],
            [wasteful, ...(known ? [session] : [])],
          ).at(-1);

          expect(later?.person).toBeLessThanOrEqual(
            1 + 1_000_000 / (Math.min(lines, MOST_LINES) + 1),
          );
        },
      ),
    );
  });
});

describe("many sessions of one outcome", () => {
  test("share the unit: the parts sum to it exactly, and the person earns no more", () => {
    const costs = fc.array(fc.bigInt({ min: 0n, max: 10n ** 13n }), {
      minLength: 1,
      maxLength: 60,
    });

    fc.assert(
      fc.property(costs, manyLines, (all, lines) => {
        const sessions = all.map((costNanoUsd, at) =>
          aSessionDay({ session: `s${at}`, user: GAMER, costNanoUsd }),
        );
        const change = aChange({
          size: linesAdded(lines),
          sessions: sessions.map((s) => s.session),
        });

        const many = creditsOver([change], sessions);

        expect(many.map(({ person }) => person)).toEqual(many.map(({ total }) => total));
        expect(many).toEqual(creditsOver([change], sessions.slice(0, 1)));
      }),
    );
  });
});

describe("issues", () => {
  test("where resolved issues are the unit, resolving one again and again earns no more", () => {
    const issue = (
      at: number,
      status: "succeeded" | "rolled_back" = "succeeded",
    ): OutcomeEvent => ({
      id: `jira:acme.example.com/1#${at}`,
      timeMs: MERGED_MS + at * HOUR_MS,
      kind: "issue_resolved",
      user: GAMER,
      task: "WEB-1",
      target: "jira:acme.example.com/1",
      commits: [],
      sessions: [],
      status,
    });
    const options = { unitOf: () => "resolved-issue" as const };

    fc.assert(
      fc.property(someSessions, fc.array(fc.boolean(), { maxLength: 12 }), (sessions, steps) => {
        const gamed = [
          issue(0),
          ...steps.map((done, at) => issue(at + 1, done ? "succeeded" : "rolled_back")),
        ];

        const fair = creditsOver([issue(0)], sessions, options);

        expect(gains(creditsOver(gamed, sessions, options), fair)).toEqual([]);
      }),
    );
  });
});
