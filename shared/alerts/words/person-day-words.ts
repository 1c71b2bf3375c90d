import { dollars } from "../../money/nano-usd.ts";
import type { Alert, AlertUnit } from "../alert.ts";
import { say } from "../phrase.ts";
import { oneIn } from "../plain-numbers.ts";
import type { AlertWords } from "./alert-words.ts";
import { casesOf, idOnly, MISSING, personOf } from "./common-words.ts";

type Unit = Extract<AlertUnit, { kind: "user-day" }>;

/** A person's day, against their own usual days; delivered work is left to the week. */
export function personDayWords({ team, evidence }: Alert, unit: Unit): AlertWords {
  const cost = dollars(evidence.costNanoUsd);
  return {
    subject: `Outpace: a day of unusually high AI spend, ${cost}, ${idOnly(team)}, ${unit.day}`,
    headline: `${cost} of AI spend by one person in ${idOnly(team)} on ${unit.day} is far above that person's usual day.`,
    spent: say`${personOf(unit.user, team)} spent ${cost} on AI tools on ${unit.day} (UTC).`,
    delivered: say`This looks at spend alone: what a day delivers is often only known later, and is judged over seven days.`,
    comparable: say`On such days (weekday or weekend, and what everybody spent that day) the same person spent`,
    ownUsual: say`The same person usually spends`,
    rarity: say`${oneIn(evidence.p)} ordinary days look as unusual, judged from ${casesOf(evidence)} of them.`,
    age: [],
    innocent: [
      say`It is a planned large task, such as a migration or a long test run.`,
      say`The work of several days was done on one.`,
      say`A new tool or model was tried.`,
      MISSING,
    ],
    clearing: [
      say`Nothing has to: it is one day, and it is not told again.`,
      say`If spend stays this high and less is delivered than it usually takes, an alert about seven days says so.`,
    ],
    urgent: [],
  };
}
