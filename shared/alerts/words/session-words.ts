import { dollars } from "../../money/nano-usd.ts";
import type { Alert, AlertUnit } from "../alert.ts";
import { named, say } from "../phrase.ts";
import { oneIn } from "../plain-numbers.ts";
import type { AlertWords } from "./alert-words.ts";
import {
  casesOf,
  creditWords,
  idOnly,
  inDays,
  lessSpend,
  MISSING,
  personOf,
  timeWords,
  UNTRACKED,
} from "./common-words.ts";

type Unit = Extract<AlertUnit, { kind: "session" }>;

/** One open session, against sessions that ended in delivered work. */
export function sessionWords(
  { team, asOfMs, survivalDays, evidence }: Alert,
  unit: Unit,
): AlertWords {
  const cost = dollars(evidence.costNanoUsd);
  return {
    subject: `Outpace: one AI session at ${cost}, ${idOnly(team)}, ${unit.day}`,
    headline: `One open AI session in ${idOnly(team)} has cost ${cost} so far. That is unusual for a session that ends in delivered work.`,
    spent: say`The open session ${named(unit.session)} of ${personOf(unit.user, team)} had cost ${cost} by ${timeWords(asOfMs)}.`,
    delivered:
      evidence.delivery.credit > 0
        ? creditWords(evidence, asOfMs)
        : say`No delivered work is credited for it yet, as is normal while a session is open.`,
    comparable: say`Comparable sessions (${named(evidence.expected.cohort)}) that ended in delivered work cost`,
    ownUsual: say`The same person usually spends`,
    rarity: say`${oneIn(evidence.p)} sessions that ended in delivered work cost as much, judged from ${casesOf(evidence)} of them.`,
    age: [],
    innocent: [
      say`The task is harder or longer than most, and will be delivered.`,
      say`It is a planned long run, such as a migration.`,
      UNTRACKED,
      MISSING,
    ],
    clearing: [
      ...lessSpend(evidence),
      say`The session ends, its work ships, and stands ${inDays(survivalDays)} without being undone.`,
      say`An outcome that it led to is linked to it, by session id, commit or branch.`,
    ],
    urgent: [
      say`If nobody knows why this session runs, ask for it to be ended: it goes on spending.`,
    ],
  };
}
