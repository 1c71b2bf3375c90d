import * as z from "zod";
import type { CostLine, SessionDay, UserDay } from "./roll-ups.ts";

/** What a roll-up item holds beside its key and version: short field names, money as text. */
const Amount = z.codec(z.string().regex(/^-?\d+$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
});
const Count = z.int().nonnegative();
const Texts = z.array(z.string());

const Line = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  Count,
  z.tuple([Count, Count, Count, Count, Count, Count]),
  Amount,
  Count,
  Count,
  /**
   * Left out by most: credits, used and overage, or none; the grain, if it is a day's row, or none;
   * calls with a configured price.
   */
  z.tuple([Count, Count]).nullable().optional(),
  z.literal("d").nullable().optional(),
  Count.optional(),
]);

const UserDayBody = z.object({
  n: Count,
  c: Amount,
  u: Count,
  s: Count,
  f: z.tuple([Count, Count]),
  l: z.array(Line),
  o: z.array(Line).exactOptional(),
});

const SessionDayBody = z.object({
  t: Texts,
  n: Count,
  c: Amount,
  u: Count,
  at: z.tuple([z.int(), z.int()]),
  a: Count,
  f: z.tuple([Count, Count]),
  uc: Texts,
  r: Texts,
  b: Texts,
  co: Texts,
});

export function encodeUserDay(value: UserDay): string {
  const body = z.encode(UserDayBody, {
    n: value.calls,
    c: value.costNanoUsd,
    u: value.unpricedCalls,
    s: value.sessions,
    f: [value.fingerprintedCalls, value.distinctFingerprints],
    l: value.lines.map(lineTuple),
    ...(value.otherGrain && { o: value.otherGrain.map(lineTuple) }),
  });
  return JSON.stringify(body);
}

/** @throws {z.ZodError} if the text is not what {@link encodeUserDay} wrote. */
export function decodeUserDay(
  key: Pick<UserDay, "user" | "day" | "version">,
  text: string,
): UserDay {
  const body = z.decode(UserDayBody, JSON.parse(text));
  return {
    ...key,
    calls: body.n,
    costNanoUsd: body.c,
    unpricedCalls: body.u,
    sessions: body.s,
    fingerprintedCalls: body.f[0],
    distinctFingerprints: body.f[1],
    lines: body.l.map(costLine),
    ...(body.o && { otherGrain: body.o.map(costLine) }),
  };
}

function lineTuple(line: CostLine): z.output<typeof Line> {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = line.tokens;
  return [
    line.tool,
    line.provider,
    line.model,
    line.calls,
    [uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning],
    line.costNanoUsd,
    line.unpricedCalls,
    line.reportedBasisCalls,
    ...rareFields(line),
  ];
}

type RareFields =
  | []
  | [[number, number] | null]
  | [[number, number] | null, "d"]
  | [[number, number] | null, "d" | null, number];

function rareFields({ credits, grain, configuredBasisCalls }: CostLine): RareFields {
  const pair: [number, number] | null = credits ? [credits.used, credits.overage] : null;
  if (configuredBasisCalls !== undefined) {
    return [pair, grain === "day" ? "d" : null, configuredBasisCalls];
  }
  if (grain === "day") {
    return [pair, "d"];
  }
  return pair === null ? [] : [pair];
}

function costLine(line: z.output<typeof Line>): CostLine {
  const [
    tool,
    provider,
    model,
    calls,
    tokens,
    costNanoUsd,
    unpricedCalls,
    reportedBasisCalls,
    credits,
    grain,
    configuredBasisCalls,
  ] = line;
  const [uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning] = tokens;
  return {
    tool,
    provider,
    model,
    calls,
    tokens: { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning },
    costNanoUsd,
    unpricedCalls,
    reportedBasisCalls,
    ...(credits && { credits: { used: credits[0], overage: credits[1] } }),
    ...(grain && { grain: "day" }),
    ...(configuredBasisCalls !== undefined && { configuredBasisCalls }),
  };
}

export function encodeSessionDay(value: SessionDay): string {
  const body = z.encode(SessionDayBody, {
    t: [...value.tools],
    n: value.calls,
    c: value.costNanoUsd,
    u: value.unpricedCalls,
    at: [value.firstMs, value.lastMs],
    a: value.agents,
    f: [value.fingerprintedCalls, value.distinctFingerprints],
    uc: [...value.useCases],
    r: [...value.repositories],
    b: [...value.branches],
    co: [...value.commits],
  });
  return JSON.stringify(body);
}

/** @throws {z.ZodError} if the text is not what {@link encodeSessionDay} wrote. */
export function decodeSessionDay(
  key: Pick<SessionDay, "user" | "day" | "session" | "version">,
  text: string,
): SessionDay {
  const body = z.decode(SessionDayBody, JSON.parse(text));
  return {
    ...key,
    tools: body.t,
    calls: body.n,
    costNanoUsd: body.c,
    unpricedCalls: body.u,
    firstMs: body.at[0],
    lastMs: body.at[1],
    agents: body.a,
    fingerprintedCalls: body.f[0],
    distinctFingerprints: body.f[1],
    useCases: body.uc,
    repositories: body.r,
    branches: body.b,
    commits: body.co,
  };
}
