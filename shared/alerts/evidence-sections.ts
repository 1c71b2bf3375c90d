import { dollars, type NanoUsd } from "../money/nano-usd.ts";
import type { Alert, AlertEvidence, OpenAlertEvidence, SignalEvidence } from "./alert.ts";
import { reasonWords, stateWords } from "./delivery-words.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { named, type Phrase, say } from "./phrase.ts";
import {
  count,
  inHundred,
  smallDollars,
  splitInCents,
  times,
  units,
  wholePercents,
} from "./plain-numbers.ts";
import { wordsOf } from "./words/alert-words.ts";

const MOST_ITEMS = 8;
const MOST_SESSIONS = 3;
const LEAST_SHARE = 0.05;

/** Who, when, how much, and which delivered work counted for it. */
export function what(alert: Alert): ExplanationSection {
  const { counted, notCounted } = alert.evidence.delivery;
  const { spent, delivered } = wordsOf(alert);
  return {
    title: "What happened",
    text: [spent, delivered],
    items: [
      ...shortened(
        counted.map(
          ({ task, credit, state }) =>
            say`Counted: ${named(task)}, ${units(credit)} (${stateWords(state)})`,
        ),
      ),
      ...shortened(
        notCounted.map(
          ({ id, reason }) => say`Not counted: ${named(id)}, because ${reasonWords(reason)}`,
        ),
      ),
    ],
  };
}

function shortened(items: readonly Phrase[]): readonly Phrase[] {
  const more = items.length - MOST_ITEMS;
  return more > 0 ? [...items.slice(0, MOST_ITEMS), say`and ${more} more like these`] : items;
}

/** What others, and the person, usually spend. */
export function usual(alert: Alert): ExplanationSection {
  const { expected, calibrationUnits, costNanoUsd, openAlert, ownUsualNanoUsd } = alert.evidence;
  const { comparable, ownUsual } = wordsOf(alert);
  const peers =
    calibrationUnits > 0
      ? [
          say`${comparable} ${dollars(expected.medianNanoUsd)} in the typical (median) case, and eight of ten between ${dollars(expected.lowNanoUsd)} and ${dollars(expected.highNanoUsd)}.`,
          ...timesUsual(costNanoUsd, expected.medianNanoUsd),
        ]
      : [say`There is nothing comparable to measure it against yet.`];
  const own =
    ownUsualNanoUsd === undefined
      ? []
      : [say`${ownUsual} ${dollars(ownUsualNanoUsd)} in such a period.`];
  const leftOut = openAlert === undefined ? [] : [leftOutWords(openAlert)];
  return { title: "What is usual", text: [...peers, ...own, ...leftOut], items: [] };
}

function leftOutWords({ id, from, isFrozen }: OpenAlertEvidence): Phrase {
  return isFrozen
    ? say`What this person spent since ${from} is left out of their own usual, as alert ${named(id)} waits for an answer.`
    : say`Alert ${named(id)} has waited for an answer for more than nine weeks: what this person spent since ${from} counts as their own usual again.`;
}

function timesUsual(cost: NanoUsd, median: NanoUsd): readonly Phrase[] {
  const ratio = times(cost, median);
  return ratio === undefined ? [] : [say`This is ${ratio} times the typical case.`];
}

/** The signals that carry a twentieth of the evidence or more, strongest first. */
export function drivers({ evidence }: Alert): ExplanationSection {
  const ranked = evidence.signals
    .filter(({ share }) => share >= LEAST_SHARE)
    .toSorted((a, b) => b.share - a.share);
  const percents = wholePercents(ranked.map(({ share }) => share));
  return {
    title: "What drove it, strongest first",
    text: [],
    items: ranked.map(
      (signal, index) => say`${inPlainUnits(signal)} (${percents[index] ?? 0} % of the evidence)`,
    ),
  };
}

function inPlainUnits({ signal, value, usual: usualValue }: SignalEvidence): Phrase {
  const against = (words: string, show: (value: number) => string) =>
    say`${words}: ${show(value)} against a usual ${show(usualValue)}`;
  switch (signal) {
    case "cost-given-delivery":
      return against("Spend for the work delivered", smallDollars);
    case "own-usual":
      return against("Spend compared with this person's own past", smallDollars);
    case "calls-per-session":
      return against("Model calls in one session", count);
    case "longest-sessions":
      return against("Model calls in each of the three longest sessions", whole);
    case "agents-per-session":
      return against("Sub-agents in one session", (agents) => count(agents, 1));
    case "input-per-output":
      return against("Tokens read for each token written", whole);
    case "small-tasks":
      return against("Delivery in tasks too small for a full unit, units that they lack", (lack) =>
        count(lack, 1),
      );
    case "cost-per-call":
      return against("Cost of one model call", smallDollars);
    case "day-spend":
      return against("Spend of the day", smallDollars);
    case "session-spend":
      return against("Spend of one session", smallDollars);
    case "repeated-calls":
      return against("Calls that repeat an earlier one", percent);
    default:
      return say`${named(signal)}: ${count(value, 2)} against a usual ${count(usualValue, 2)}`;
  }
}

function whole(value: number): string {
  return count(value, 0);
}

function percent(share: number): string {
  return `${count(share * 100, 0)} %`;
}

/** The money: how it splits into usual and above, and which sessions hold most of it. */
export function stake({ unit, evidence }: Alert): ExplanationSection {
  const sessions = unit.kind === "session" ? [] : evidence.topSessions.slice(0, MOST_SESSIONS);
  return {
    title: "Dollars at stake",
    text: [split(evidence), ...(sessions.length > 0 ? [say`The sessions that cost most:`] : [])],
    items: sessions.map(
      ({ session, costNanoUsd }) => say`${named(session)}: ${dollars(costNanoUsd)}`,
    ),
  };
}

function split({ costNanoUsd, excessNanoUsd, calibrationUnits }: AlertEvidence): Phrase {
  const { total, usual: usualPart, above } = splitInCents(costNanoUsd, excessNanoUsd);
  if (excessNanoUsd <= 0n) {
    return say`${total} in all.`;
  }
  return calibrationUnits > 0
    ? say`${total} = ${usualPart} that such work usually takes + ${above} above it.`
    : say`${total} = ${usualPart} up to the fixed limit + ${above} above it.`;
}

/** How far to trust the alert. */
export function certainty(alert: Alert): ExplanationSection {
  const { expectedFalseShare, calibrationUnits } = alert.evidence;
  return {
    title: "How sure this is",
    text:
      calibrationUnits > 0
        ? [
            say`Expect ${inHundred(expectedFalseShare)} alerts like this one to be false.`,
            wordsOf(alert).rarity,
            ...wordsOf(alert).age,
          ]
        : [
            say`A fixed limit raised this alert, not a comparison: there is too little history for one.`,
          ],
    items: [],
  };
}
