import { dollars, type NanoUsd } from "../money/nano-usd.ts";
import type { AlertEvidence, BridgeStepEvidence } from "./alert.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { named, type Phrase, say } from "./phrase.ts";
import { toCents } from "./plain-numbers.ts";

/** What a step adds, and what it takes away, in plain words. */
const STEP_WORDS: ReadonlyMap<string, { readonly more: string; readonly less: string }> = new Map([
  [
    "delivery",
    {
      more: "less work was credited than usual here",
      less: "more work was credited than usual here",
    },
  ],
  [
    "usual-level",
    {
      more: "what is usual here costs more than at comparable people",
      less: "what is usual here costs less than at comparable people",
    },
  ],
  ["calls", { more: "more model calls", less: "fewer model calls" }],
  ["call-size", { more: "more tokens in a call", less: "fewer tokens in a call" }],
  ["model-mix", { more: "more use of dearer models", less: "more use of cheaper models" }],
  ["caching", { more: "less input read from the cache", less: "more input read from the cache" }],
  [
    "price",
    { more: "a higher price for the same tokens", less: "a lower price for the same tokens" },
  ],
  [
    "without-tokens",
    {
      more: "more spend that states no tokens",
      less: "less spend that states no tokens",
    },
  ],
]);

/** Leads from what was to be expected to what was spent; what is printed adds up to the cent. */
export function bridge({ evidence }: { readonly evidence: AlertEvidence }): ExplanationSection {
  const { expected, costNanoUsd, bridge: steps = [] } = evidence;
  const printed = inCents(expected.medianNanoUsd, steps);
  if (printed.length === 0) {
    return { title: TITLE, text: [], items: [] };
  }
  return {
    title: TITLE,
    text: [],
    items: [
      say`${dollars(toCents(expected.medianNanoUsd))}: the typical case`,
      ...printed.map(stepText),
      say`${dollars(toCents(costNanoUsd))}: what was spent`,
    ],
  };
}

const TITLE = "From the typical case to this one";

function stepText({ step, changeNanoUsd }: BridgeStepEvidence): Phrase {
  const grows = changeNanoUsd > 0n;
  const size = dollars(grows ? changeNanoUsd : -changeNanoUsd);
  const words = STEP_WORDS.get(step);
  const why = words === undefined ? named(step) : words[grows ? "more" : "less"];
  return say`${size} ${grows ? "more" : "less"}: ${why}`;
}

/** Each step as the difference of two rounded sums, so that rounding never adds up. */
function inCents(from: NanoUsd, steps: readonly BridgeStepEvidence[]): BridgeStepEvidence[] {
  let reached = from;
  return steps
    .map(({ step, changeNanoUsd }) => {
      const before = toCents(reached);
      reached += changeNanoUsd;
      return { step, changeNanoUsd: toCents(reached) - before };
    })
    .filter(({ changeNanoUsd }) => changeNanoUsd !== 0n);
}
