import { dollars } from "../../money/nano-usd.ts";
import type { Alert, AlertUnit, DeliveryEvidence } from "../alert.ts";
import { isOpenReason, isOpenState } from "../delivery-words.ts";
import { listed, type Name, named, type Phrase, say } from "../phrase.ts";
import { oneIn } from "../plain-numbers.ts";
import { lastDay, windowLength } from "../unit-period.ts";
import type { AlertWords } from "./alert-words.ts";
import {
  ageWords,
  casesOf,
  creditWords,
  idOnly,
  inDays,
  lessSpend,
  MISSING,
  personOf,
  UNTRACKED,
} from "./common-words.ts";

type Unit = Extract<AlertUnit, { kind: "user-window" }>;

const MOST_TASKS = 3;

/** A person's seven days, against the work delivered. */
export function personWeekWords(alert: Alert, unit: Unit): AlertWords {
  const { team, asOfMs, evidence } = alert;
  const cost = dollars(evidence.costNanoUsd);
  const period = `${unit.from} to ${lastDay(unit)}`;
  return {
    subject: `Outpace: spend unusual for delivered work, ${cost}, ${idOnly(team)}, ${period}`,
    headline: `${cost} of AI spend by one person in ${idOnly(team)} in ${windowLength(unit)} is unusual for the work delivered.`,
    spent: say`${personOf(unit.user, team)} spent ${cost} on AI tools from ${period} (UTC, both days included).`,
    delivered: creditWords(evidence, asOfMs),
    comparable: say`Comparable people (${named(evidence.expected.cohort)}) who delivered as much spent`,
    ownUsual: say`The same person usually spends`,
    rarity: say`${oneIn(evidence.p)} ordinary periods of ${windowLength(unit)} look as unusual, judged from ${casesOf(evidence)} of them.`,
    age: [
      ageWords(asOfMs, unit.to),
      say`The week is looked at again 72 hours and 14 days after its end; you are told only if that changes the judgement.`,
    ],
    innocent: [
      say`The task was harder than its size shows.`,
      say`The work is still in review, or was merged too recently to count in full.`,
      UNTRACKED,
      MISSING,
    ],
    clearing: [
      ...lessSpend(evidence),
      workToCome(alert),
      say`An outcome that is missing above is linked to its sessions, by session id, commit or branch.`,
    ],
    urgent: [],
  };
}

function workToCome({ evidence, survivalDays }: Alert): Phrase {
  const survival = `${inDays(survivalDays)} without being undone`;
  const open = openWork(evidence.delivery);
  return open.length === 0
    ? say`Work of this period that is still open ships, and stands ${survival}.`
    : say`Work that is not final yet ships, and stands ${survival}: ${listed(open)}.`;
}

function openWork({ counted, notCounted }: DeliveryEvidence): readonly (string | Name)[] {
  const open = [
    ...counted.filter(({ state }) => isOpenState(state)).map(({ task }) => task),
    ...notCounted.filter(({ reason }) => isOpenReason(reason)).map(({ id }) => id),
  ];
  const more = open.length - MOST_TASKS;
  return [
    ...open.slice(0, MOST_TASKS).map((name) => named(name)),
    ...(more > 0 ? [`${more} more`] : []),
  ];
}
