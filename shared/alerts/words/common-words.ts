import { startOfDay } from "../../ledger/calendar.ts";
import type { Day } from "../../ledger/roll-ups.ts";
import { dollars } from "../../money/nano-usd.ts";
import type { AlertEvidence } from "../alert.ts";
import { named, type Phrase, say } from "../phrase.ts";
import { count, toCents, units } from "../plain-numbers.ts";

const HOUR_MS = 3_600_000;

export const UNTRACKED = say`It is work that no system here records: research, review, support, a prototype.`;
export const MISSING = say`The telemetry is incomplete: work or usage did not arrive, or is linked to somebody else.`;

/** `user-017 (a pseudonym) of team-checkout` */
export function personOf(user: string, team: string): Phrase {
  return say`${named(user)} (a pseudonym) of ${named(team)}`;
}

/** `2026-10-12 05:00 UTC` */
export function timeWords(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Teams have ids of letters, digits and dashes; whatever else comes is left out. */
export function idOnly(id: string): string {
  return id.replace(/[^A-Za-z0-9-]/g, "").slice(0, 63) || "an unnamed team";
}

/** How old outcomes were when they were counted: hours up to three days, then days. */
export function ageWords(asOfMs: number, to: Day): Phrase {
  const hours = Math.round((asOfMs - startOfDay(to)) / HOUR_MS);
  const age =
    hours <= 72 ? `${hours} ${hours === 1 ? "hour" : "hours"}` : inDays(Math.round(hours / 24));
  return say`Delivered work counts as it was known ${age} after the period.`;
}

export function inDays(days: number): string {
  return days === 1 ? "a day" : `${days} days`;
}

/** What is credited, or that nothing is yet; never that no work was done. */
export function creditWords({ delivery }: AlertEvidence, asOfMs: number): Phrase {
  const when = timeWords(asOfMs);
  return delivery.credit > 0
    ? say`Delivered work credited for it by ${when}: ${units(delivery.credit)}; a unit is one finished piece of work.`
    : say`No delivered work is credited for it yet (as of ${when}).`;
}

/** How much less would be within the usual range; nothing if it is, or if no range is known. */
export function lessSpend(evidence: AlertEvidence): readonly Phrase[] {
  const { costNanoUsd, expected, calibrationUnits } = evidence;
  const beyond = toCents(costNanoUsd) - toCents(expected.highNanoUsd);
  return calibrationUnits > 0 && beyond > 0n
    ? [
        say`${dollars(beyond)} less for the same work would be within what eight of ten comparable cases cost, ${dollars(expected.highNanoUsd)} at most.`,
      ]
    : [];
}

/** `640`, for how many cases a judgement rests on. */
export function casesOf({ calibrationUnits }: AlertEvidence): string {
  return count(calibrationUnits, 0);
}
