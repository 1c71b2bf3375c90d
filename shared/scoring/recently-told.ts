import type { AlertCase } from "../alerts/alert-case.ts";
import { DAY_MS } from "../ledger/calendar.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** People about whose weeks an owner heard in the quiet days before a moment: who would not be told again. */
export function recentlyTold(
  cases: readonly AlertCase[],
  asOfMs: number,
  quietDays: number,
  personOf: (user: UserPseudonym) => UserPseudonym,
): ReadonlySet<UserPseudonym> {
  const quietSinceMs = asOfMs - quietDays * DAY_MS;
  return new Set(
    cases.flatMap(({ alert }) =>
      alert.unit.kind === "user-window" && alert.asOfMs > quietSinceMs
        ? [personOf(alert.unit.user)]
        : [],
    ),
  );
}
