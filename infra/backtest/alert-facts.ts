import type { AlertUnit } from "../../shared/alerts/alert.ts";
import { addDays } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";

type Named = { readonly user?: string; readonly team?: string };
type Dated = { readonly from?: Day; readonly to?: Day; readonly day?: Day };

/** The person that an alert is about; of a whole team, the team. */
export function aboutWhom(unit: AlertUnit): string {
  const { user, team }: Named = unit;
  return user ?? team ?? "";
}

/** The days `[from, to)` that an alert is about; of a session, the day on which it was told. */
export function daysOfUnit(unit: AlertUnit): { readonly from: Day; readonly to: Day } {
  const { from, to, day = "" }: Dated = unit;
  return from !== undefined && to !== undefined ? { from, to } : { from: day, to: addDays(day, 1) };
}
