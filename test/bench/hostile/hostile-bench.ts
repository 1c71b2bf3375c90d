import { cpus, loadavg } from "node:os";
import { type DemoStack, startDemoStack } from "../../../infra/demo/demo-stack.ts";
import type { BenchResult } from "../bench-result.ts";
import { type Spread, spreadOf } from "../cpu-rounds.ts";
import { type Bomb, bombs, FLOOR } from "./bombs.ts";

/** Longest that a refusal may take, in milliseconds, in nine of ten rounds. */
const MAX_REFUSAL_MS = 250;
const ROUNDS = 21;

type Refusal = Omit<Bomb, "body"> & { readonly bytes: number; readonly ms: Spread };

/** How long the running stack takes to refuse bombs, against the least that a refusal can take. */
export async function hostileBench(): Promise<BenchResult> {
  const load = loadavg()[0]?.toFixed(1);
  const bodies = [FLOOR, ...(await bombs())];
  const stack = await startDemoStack();
  try {
    const refusals = await refusalsOf(stack, bodies);
    const [cpu] = cpus();
    const machine = `${cpus().length} × ${cpu?.model ?? "unknown processor"}, Node.js ${process.versions.node}, load ${load} at the start`;
    return {
      markdown: hostileText(machine, refusals),
      figures: { machine, refusals },
      missed: refusals
        .filter(({ ms }) => ms.high > MAX_REFUSAL_MS)
        .map(({ what, path }) => `${what} on ${path}`),
    };
  } finally {
    await stack.close();
  }
}

/** One body after the other, round after round. The first round starts what the others use. */
async function refusalsOf(stack: DemoStack, bodies: readonly Bomb[]): Promise<readonly Refusal[]> {
  const measured = bodies.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [at, bomb] of bodies.entries()) {
      const ms = await refusalMs(stack, bomb);
      if (round > 0) {
        measured[at]?.push(ms);
      }
    }
  }
  return bodies.map(({ body, ...bomb }, at) => ({
    ...bomb,
    bytes: body.length,
    ms: spreadOf(measured[at] ?? []),
  }));
}

/**
 * From the first byte sent to the last of the answer.
 *
 * @throws {Error} if the body is not refused as it has to be.
 */
async function refusalMs({ host, senderKey }: DemoStack, bomb: Bomb): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${host.apiUrl}${bomb.path}`, {
    method: "POST",
    body: bomb.body,
    headers: {
      authorization: `Bearer ${senderKey}`,
      "content-type": "application/json",
      ...(isGzip(bomb.body) ? { "content-encoding": "gzip" } : {}),
    },
  });
  await answer.arrayBuffer();
  const ms = performance.now() - startedAt;
  if (answer.status !== bomb.status) {
    throw new Error(`${bomb.what} was answered ${answer.status}, expected ${bomb.status}`);
  }
  return ms;
}

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f;
}

function hostileText(machine: string, refusals: readonly Refusal[]): string {
  const whole = (count: number) => count.toLocaleString("en-US");
  const row = ({ what, path, status, bytes, inflatedBytes, ms }: Refusal) =>
    `| ${what} | ${path} | ${whole(bytes)} | ${whole(inflatedBytes)} | ${status} | ${ms.median.toFixed(1)} (${ms.low.toFixed(1)}–${ms.high.toFixed(1)}) |`;
  return `# How long it takes to refuse a bomb

Measured by \`npm run bench -- hostile\` on ${machine}.
The local runtime takes each body over HTTP with a known sender's key: from the first byte sent to the last of the answer, sender included. ${ROUNDS} rounds, all
bodies in turn; medians, in brackets the first and the last decile. The first row is the floor: a refusal that takes no work.

| body | route | bytes sent | bytes it inflates to | answer | milliseconds |
|---|---|---|---|---|---|
${refusals.map(row).join("\n")}

Goal: at most ${MAX_REFUSAL_MS} ms in nine of ten rounds.
`;
}
