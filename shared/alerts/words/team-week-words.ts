import { dollars } from "../../money/nano-usd.ts";
import type { Alert, AlertUnit } from "../alert.ts";
import { named, say } from "../phrase.ts";
import { oneIn } from "../plain-numbers.ts";
import { lastDay, windowLength } from "../unit-period.ts";
import type { AlertWords } from "./alert-words.ts";
import {
  ageWords,
  casesOf,
  creditWords,
  idOnly,
  lessSpend,
  MISSING,
  UNTRACKED,
} from "./common-words.ts";

type Unit = Extract<AlertUnit, { kind: "team-window" }>;

/** A team's seven days, against its own earlier weeks: no person is meant. */
export function teamWeekWords({ team, asOfMs, evidence }: Alert, unit: Unit): AlertWords {
  const cost = dollars(evidence.costNanoUsd);
  const period = `${unit.from} to ${lastDay(unit)}`;
  return {
    subject: `Outpace: what delivered work costs has shifted, ${cost}, ${idOnly(team)}, ${period}`,
    headline: `${cost} of AI spend in ${idOnly(team)} in ${windowLength(unit)}: delivered work costs most of its people more than in earlier weeks.`,
    spent: say`${named(team)} spent ${cost} on AI tools from ${period} (UTC, both days included). Most of its people moved together, so this is about the team and about nobody in it.`,
    delivered: creditWords(evidence, asOfMs),
    comparable: say`As much delivered work would have cost the same team in its earlier weeks`,
    ownUsual: say`The team usually spends`,
    rarity: say`${oneIn(evidence.p)} ordinary weeks of a team shift as far, judged from ${casesOf(evidence)} of them.`,
    age: [ageWords(asOfMs, unit.to)],
    innocent: [
      say`A provider changed a price, or the team moved to another model or tool.`,
      say`The work is harder for now: a launch, an incident, an old part of the code.`,
      say`People are learning a new way to work.`,
      UNTRACKED,
      MISSING,
    ],
    clearing: [
      ...lessSpend(evidence),
      say`A shift that was decided on becomes the team's usual by itself within some weeks.`,
    ],
    urgent: [],
  };
}
