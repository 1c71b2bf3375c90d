import { dollars } from "../money/nano-usd.ts";
import type { Alert, DeliveryEvidence } from "./alert.ts";
import { isOpenReason, isOpenState } from "./delivery-words.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { listed, type Name, named, type Phrase, say } from "./phrase.ts";
import { toCents } from "./plain-numbers.ts";

const MOST_TASKS = 3;

/** Readings under which nothing is wrong, and which the figures cannot rule out. */
export function innocentReadings({ unit }: Alert): ExplanationSection {
  const missing = say`The telemetry is incomplete: work or usage did not arrive, or is linked to somebody else.`;
  const untracked = say`It is work that no system here records: research, review, support, a prototype.`;
  return {
    title: "What else it may be",
    text: [say`None of these can be ruled out from here:`],
    items:
      unit.kind === "session"
        ? [
            say`The task is harder or longer than most, and will be delivered.`,
            say`It is a planned long run, such as a migration.`,
            untracked,
            missing,
          ]
        : [
            say`The task was harder than its size shows.`,
            say`The work is still in review, or was merged too recently to count in full.`,
            untracked,
            missing,
          ],
  };
}

function inDays(days: number): string {
  return days === 1 ? "a day" : `${days} days`;
}

/** What would bring the unit back into the usual range. */
export function clearing(alert: Alert): ExplanationSection {
  return {
    title: "What would clear it",
    text: [],
    items: [...lessSpend(alert), ...workToCome(alert), linkedOutcome(alert)],
  };
}

function lessSpend({ evidence }: Alert): readonly Phrase[] {
  const { costNanoUsd, expected, calibrationUnits } = evidence;
  const beyond = toCents(costNanoUsd) - toCents(expected.highNanoUsd);
  return calibrationUnits > 0 && beyond > 0n
    ? [
        say`${dollars(beyond)} less for the same work would be within what eight of ten comparable cases cost, ${dollars(expected.highNanoUsd)} at most.`,
      ]
    : [];
}

function workToCome({ unit, evidence, survivalDays }: Alert): readonly Phrase[] {
  const survival = `${inDays(survivalDays)} without being undone`;
  if (unit.kind === "session") {
    return [say`The session ends, its work ships, and stands ${survival}.`];
  }
  const open = openWork(evidence.delivery);
  return open.length === 0
    ? [say`Work of this period that is still open ships, and stands ${survival}.`]
    : [say`Work that is not final yet ships, and stands ${survival}: ${listed(open)}.`];
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

function linkedOutcome({ unit }: Alert): Phrase {
  return unit.kind === "session"
    ? say`An outcome that it led to is linked to it, by session id, commit or branch.`
    : say`An outcome that is missing above is linked to its sessions, by session id, commit or branch.`;
}

/** How to answer. Says what exists, and no more. */
export function answering({ id, unit }: Alert): ExplanationSection {
  const first =
    unit.kind === "session"
      ? [say`If nobody knows why this session runs, ask for it to be ended: it goes on spending.`]
      : [];
  return {
    title: "How to answer",
    text: [
      ...first,
      say`This message comes from a machine that reads no replies.`,
      say`Tell whoever operates Outpace for you one of three words, with the id of the alert: planned, real waste, or wrong data.`,
      say`There is no button for it yet, and an answer does not change later alerts by itself.`,
      say`The operator can also find the person behind the pseudonym.`,
      say`Alert id: ${named(id)}`,
    ],
    items: [],
  };
}
