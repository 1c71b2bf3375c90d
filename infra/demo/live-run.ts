import type { NanoUsd } from "../../shared/money/nano-usd.ts";
import { nanoUsdFromNumber } from "../../shared/money/nano-usd.ts";
import type { DemoStack } from "./demo-stack.ts";
import { decidedAlerts } from "./findings.ts";
import { RUNAWAY_LOGIN, runawaySession, runawayTruth } from "./live-session.ts";
import { listCostUsd } from "./model-calls.ts";
import type { Organisation } from "./organisation.ts";
import type { GroundTruth } from "./seasons.ts";
import { telemetryOf } from "./telemetry.ts";
import type { Traffic } from "./traffic.ts";

/** What became of the session that ran away while the demo watched. */
export type LiveRun = {
  readonly truth: GroundTruth;
  /** What it had cost when its owner was told; absent if nobody was. */
  readonly toldAtNanoUsd?: NanoUsd;
  /** Of that, from sending the decisive calls to the alert being decided. */
  readonly toldAfterMs?: number;
  readonly totalNanoUsd: NanoUsd;
};

/**
 * Sends the open session body by body, as its client would, and looks after each whether its owner
 * has been told.
 *
 * @throws {Error} if the organisation has no such person.
 */
export async function runLiveSession(
  seed: number,
  { people }: Organisation,
  stack: DemoStack,
  sending: Traffic,
): Promise<LiveRun> {
  const person = people.find(({ login }) => login === RUNAWAY_LOGIN);
  if (person === undefined) {
    throw new Error(`nobody is called ${RUNAWAY_LOGIN}`);
  }
  const session = runawaySession(seed, person, Date.now());
  let told: Pick<LiveRun, "toldAtNanoUsd" | "toldAfterMs"> = {};
  let calls = 0;
  const costOf = (count: number) =>
    nanoUsdFromNumber(
      session.calls
        .slice(0, count)
        .reduce((total, call) => total + listCostUsd(call.model, call.tokens), 0),
    );
  for (const body of telemetryOf(seed, session)) {
    const sentMs = performance.now();
    await sending.telemetry([body], () => undefined);
    await stack.host.idle();
    calls += body.calls;
    if (told.toldAtNanoUsd === undefined && (await isTold(stack, session.id))) {
      told = { toldAtNanoUsd: costOf(calls), toldAfterMs: performance.now() - sentMs };
    }
  }
  return { ...told, truth: runawayTruth(session), totalNanoUsd: costOf(calls) };
}

async function isTold(stack: DemoStack, session: string): Promise<boolean> {
  const alerts = await decidedAlerts(stack);
  return alerts.some(({ unit }) => unit.kind === "session" && unit.session === session);
}
