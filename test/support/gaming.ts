import fc from "fast-check";
import { DAY_MS } from "../../shared/ledger/calendar.ts";
import type { SessionDay } from "../../shared/ledger/roll-ups.ts";
import { type DeliveryInput, deliveryHistory } from "../../shared/outcomes/delivery-history.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { linesAdded, MERGED_MS } from "./delivery.ts";
import { anOutcomeEvent } from "./outcome-event-builder.ts";
import { aSessionDay } from "./session-day-builder.ts";

export const HOUR_MS = 3_600_000;
/** Who may be gaming. */
export const GAMER = "user-017";

/** What the others deliver: people, tasks and repositories that are not those of the change. */
export const othersWork = fc
  .array(
    fc.record({
      user: fc.constantFrom("user-018", "user-019"),
      repository: fc.constantFrom("acme/api", "acme/web"),
      lines: fc.integer({ min: 1, max: 400 }),
      hours: fc.integer({ min: -100, max: 300 }),
    }),
    { maxLength: 30 },
  )
  .map((all) =>
    all.map(({ user, repository, lines, hours }, at) =>
      anOutcomeEvent({
        id: `other-${at}`,
        task: `OTHER-${at}`,
        branch: `other-${at}`,
        commits: [],
        user,
        repository,
        size: linesAdded(lines),
        timeMs: MERGED_MS + hours * HOUR_MS,
      }),
    ),
  );

/** Sessions of all three; the gamer has one at least that ended before the change. */
export const someSessions = fc
  .array(
    fc.record({
      session: fc.constantFrom("s1", "s2", "s3", "s4"),
      user: fc.constantFrom(GAMER, "user-018", "user-019"),
      days: fc.integer({ min: -20, max: -1 }),
      cost: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      branch: fc.constantFrom("feat/x", "part-3", "other-1"),
    }),
    { maxLength: 8 },
  )
  .map((all): readonly SessionDay[] => [
    aSessionDay({ session: "s0", user: GAMER, branches: ["feat/x"], repositories: [] }),
    ...all.map(({ session, user, days, cost, branch }) =>
      aSessionDay({
        session: `${session}-${user}`,
        user,
        repositories: [],
        branches: [branch],
        costNanoUsd: cost,
        firstMs: MERGED_MS + days * DAY_MS,
      }),
    ),
  ]);

export function aChange(overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return anOutcomeEvent({ id: "change", user: GAMER, commits: [], ...overrides });
}

/** Moments that matter: at once, a day on, before and after survival, and later. */
export const MOMENTS_MS = [0, 1, 24, 72, 167, 168, 240, 720].map(
  (hours) => MERGED_MS + hours * HOUR_MS,
);

type Options = Partial<DeliveryInput> & { readonly person?: string };

/** Credit of everybody, and of one person's sessions, in micro-units, at each of the moments. */
export function creditsOver(
  outcomes: readonly OutcomeEvent[],
  sessions: readonly SessionDay[],
  { person = GAMER, ...rest }: Options = {},
) {
  const history = deliveryHistory({
    outcomes,
    sessions,
    settings: { survivalDays: 7, productionEnvironments: ["production"] },
    ...rest,
  });
  return MOMENTS_MS.map((asOfMs) => {
    const units = [...history.unitsAsOf(asOfMs)];
    const own = units.flatMap((unit) => unit.sessions).filter(({ user }) => user === person);
    return { total: micro(units), person: micro(own) };
  });
}

function micro(parts: readonly { readonly creditMicroUnits: number }[]): number {
  return parts.reduce((sum, { creditMicroUnits }) => sum + creditMicroUnits, 0);
}

/** The moments at which gaming would pay: for all together, or for the person. */
export function gains(
  gamed: ReturnType<typeof creditsOver>,
  honest: ReturnType<typeof creditsOver>,
) {
  return gamed.filter(({ total, person }, at) => {
    const fair = honest[at] ?? { total: 0, person: 0 };
    return total > fair.total || person > fair.person;
  });
}
