import type { Fault, FaultEffect } from "../../infra/local/gateway.ts";
import { draw, drawFrom } from "./draws.ts";

/** What real AWS calls die of. The first three the SDK tries again by itself; the last it gives to the caller. */
const ERRORS: readonly [FaultEffect["error"], ...FaultEffect["error"][]] = [
  { status: 500, code: "InternalServerError" },
  { status: 503, code: "ServiceUnavailable" },
  { status: 400, code: "ProvisionedThroughputExceededException" },
  // The connection is cut: nobody knows whether it was done.
  undefined,
  undefined,
  { status: 400, code: "ValidationException" },
];

const FOR = { share: 200, when: 201, error: 202 };

export type FaultDraws = {
  readonly fault: Fault;
  readonly injected: () => { readonly before: number; readonly after: number };
  /** Calls that passed, faulty or not. */
  readonly calls: () => number;
};

/** Lets a share of all AWS calls fail, half of them after they were carried out. */
export function faultDraws(seed: number, share: number): FaultDraws {
  const injected = { before: 0, after: 0 };
  let calls = 0;
  return {
    fault: () => {
      calls += 1;
      if (draw(seed, calls, FOR.share) >= share) {
        return undefined;
      }
      const when = draw(seed, calls, FOR.when) < 0.5 ? "before" : "after";
      injected[when] += 1;
      const error = drawFrom(ERRORS, seed, calls, FOR.error);
      return { when, ...(error === undefined ? {} : { error }) };
    },
    injected: () => injected,
    calls: () => calls,
  };
}
