import type { AwsCall } from "../../infra/local/aws-call.ts";
import type { Fault, FaultEffect } from "../../infra/local/gateway.ts";
import type { Host } from "../../infra/local/host.ts";

const REFUSED = { status: 400, code: "ValidationException" };

/** A refusal reaches the handler; of a lost answer the SDK knows nothing, and sends the call again. */
export const FAULT_EFFECTS: readonly (readonly [string, FaultEffect])[] = [
  ["refused before it commits", { when: "before", error: REFUSED }],
  ["refused after it committed", { when: "after", error: REFUSED }],
  ["cut off after it committed", { when: "after" }],
];

/** More AWS calls than any run of a test makes: a run that never ends would go on for ever. */
const MOST_CALLS = 60;

/** Which calls of a function are enumerated: all, unless a test says otherwise. */
export type IsPoint = (call: AwsCall) => boolean;

/** Lets the nth AWS call of a function fail, once. */
function faultAt(functionPrefix: string, ordinal: number, effect: FaultEffect, isPoint: IsPoint) {
  let calls = 0;
  const fault: Fault = (call) => {
    if (!call.caller.startsWith(functionPrefix) || !isPoint(call)) {
      return undefined;
    }
    calls += 1;
    return calls === ordinal ? effect : undefined;
  };
  return { fault, hasFired: () => calls >= ordinal };
}

/** Runs once for each AWS call, which fails, until there are no more calls. Answers how many there were. */
export async function atEachCall(
  { faults }: Pick<Host, "faults">,
  functionPrefix: string,
  effect: FaultEffect,
  run: (ordinal: number) => Promise<void>,
  isPoint: IsPoint = () => true,
): Promise<number> {
  for (let ordinal = 1; ordinal <= MOST_CALLS; ordinal += 1) {
    const { fault, hasFired } = faultAt(functionPrefix, ordinal, effect, isPoint);
    faults.push(fault);
    await run(ordinal);
    faults.length = 0;
    if (!hasFired()) {
      return ordinal - 1;
    }
  }
  throw new Error(`${functionPrefix} makes more than ${MOST_CALLS} AWS calls`);
}
