import type { SentUsage } from "../../shared/usage/usage-event.ts";
import { draw, drawFrom, drawWhole } from "./draws.ts";

/** The wire format that an event is sent in. */
export type SoakFormat = "otlp-json" | "otlp-protobuf" | "otlp-metrics" | "usage-json" | "ndjson";

/** One usage event as its sender knows it: what the ledger has to hold in the end, once. */
export type SoakEvent = SentUsage & {
  /** The provider's own request id; of a counter's point, the nanoseconds that make it unique. */
  readonly requestId: string;
};

/** Every event of a run, as a pure function of its seed. */
export type UsagePlan = {
  readonly seed: number;
  readonly count: number;
  readonly formatOf: (index: number) => SoakFormat;
  readonly event: (index: number) => SoakEvent;
};

/** A run of one session's events: what one sender has in hand at a time. */
export const BLOCK = 50;
/** Two blocks: all of one user's day. */
export const STRETCH = 2 * BLOCK;
/** Stretches in a row that are sent in one format, and may share requests as a collector does. */
export const GROUP = 10 * STRETCH;
/** How often the run comes back to a user's day: roll-ups meet days that they have seen before. */
const STRETCHES_PER_USER_DAY = 2.5;

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** Ends of months, of a year, of a leap February, and before price changes; then one every 13 days. */
const DAYS: readonly string[] = [
  "2026-10-31",
  "2026-11-01",
  "2025-12-31",
  "2026-01-01",
  "2024-02-29",
  "2024-03-01",
  "2022-11-26",
  "2025-10-22",
];
const LATEST_MS = Date.UTC(2026, 10, 20);

const FORMATS = [
  "otlp-json",
  "otlp-json",
  "otlp-json",
  "otlp-protobuf",
  "otlp-protobuf",
  "otlp-protobuf",
  "usage-json",
  "usage-json",
  "ndjson",
  "otlp-metrics",
] as const;

const MODELS = {
  "claude-code": [
    ["anthropic", "claude-sonnet-4-5"],
    ["anthropic", "claude-opus-4-5"],
    ["anthropic", "claude-haiku-4-5"],
  ],
  codex: [
    ["openai", "gpt-5"],
    ["openai", "gpt-5-mini"],
  ],
  "gemini-cli": [["google", "gemini-2.5-pro"]],
  // No price book knows it: priced by its sender's estimate, or counted as unpriced.
  "acme-agent": [["acme", "acme-7b"]],
} as const;
const OTHER_TOOLS = ["codex", "gemini-cli", "codex", "acme-agent"] as const;

/** What a draw is for. */
const enumerated = [
  "format",
  "start",
  "pace",
  "shared",
  "offset",
  "tool",
  "model",
  "input",
  "read",
  "write",
  "write1h",
  "output",
  "reasoning",
  "reported",
  "agent",
  "work",
  "link",
  "commit",
  "bucket",
  "twin",
  "nobody",
  "fingerprint",
] as const;
const FOR = Object.fromEntries(enumerated.map((name, at) => [name, at])) as Readonly<
  Record<(typeof enumerated)[number], number>
>;

export function usagePlan(seed: number, count: number): UsagePlan {
  const userDays = Math.max(1, Math.ceil(count / STRETCH / STRETCHES_PER_USER_DAY));
  const users = Math.max(3, Math.ceil(Math.sqrt(userDays * 12)));
  const formatOf = (index: number) =>
    drawFrom(FORMATS, seed, Math.floor(index / GROUP), FOR.format);

  /** Where and when: the same for all events of a block, but for the time. */
  const placeOf = (index: number) => {
    const block = Math.floor(index / BLOCK);
    const stretch = Math.floor(index / STRETCH);
    const userDay = stretch % userDays;
    const isShared = draw(seed, block, FOR.shared) < 0.15;
    // A session that several blocks share has one start: its minutes hold hundreds of events.
    const session = isShared ? `soak-${userDay}-shared` : `soak-${userDay}-${block}`;
    const startIndex = isShared ? -1 - userDay : block;
    const pace = drawFrom([1, 1, 2, 2, 5, 5, 8, 16], seed, startIndex, FOR.pace);
    const dayMs = dayAt(Math.floor(userDay / users));
    const startMs = dayMs + drawWhole(seed, startIndex, FOR.start, 1440) * MINUTE_MS;
    const at = index % BLOCK;
    const timeMs =
      startMs +
      Math.floor((at * pace) / BLOCK) * MINUTE_MS +
      ((at * 1201 + drawWhole(seed, index, FOR.offset, 1200)) % MINUTE_MS);
    const subject =
      draw(seed, userDay, FOR.nobody) < 0.004
        ? {}
        : { subject: `user-${String(userDay % users).padStart(3, "0")}@example.com` };
    return { block, session, timeMs, ...subject };
  };

  const requestId = (index: number) => `req_${seed.toString(36)}_${index.toString(36)}`;

  const calls = (index: number): SoakEvent => {
    const { block, ...place } = placeOf(index);
    const isOtlp = formatOf(index).startsWith("otlp");
    const tool = isOtlp ? "claude-code" : drawFrom(OTHER_TOOLS, seed, block, FOR.tool);
    const [provider, model] = drawFrom<readonly [string, string]>(
      MODELS[tool],
      seed,
      index,
      FOR.model,
    );
    return {
      id: `${provider}:${requestId(index)}`,
      requestId: requestId(index),
      grain: "request",
      ...place,
      tool,
      provider,
      model,
      tokens: tokensOf(seed, index, isOtlp),
      ...estimate(seed, index, tool),
      ...labels(seed, index, block),
      ...(isOtlp || draw(seed, index, FOR.fingerprint) >= 0.3
        ? {}
        : { fingerprint: `fp${drawWhole(seed, index, FOR.fingerprint, 60)}` }),
    };
  };

  /** A gateway's view of a call that a client with telemetry has sent too: one call, two entries. */
  const twin = (index: number): SoakEvent | undefined => {
    const mate = index - userDays * STRETCH;
    if (
      mate < 0 ||
      draw(seed, index, FOR.twin) >= 0.05 ||
      !["otlp-json", "otlp-protobuf"].includes(formatOf(mate))
    ) {
      return undefined;
    }
    const { agent: _, useCase: __, repository: ___, ...event } = eventAt(mate);
    const later = event.timeMs + 1500;
    const isSameDay = Math.floor(later / DAY_MS) === Math.floor(event.timeMs / DAY_MS);
    return event.grain === "link"
      ? undefined
      : { ...event, session: "-", tool: "litellm", timeMs: isSameDay ? later : event.timeMs };
  };

  const link = (index: number): SoakEvent => {
    const { block: _, ...place } = placeOf(index);
    const commit = `${index.toString(16).padStart(12, "0")}${drawWhole(seed, index, FOR.commit, 2 ** 31).toString(16)}`;
    return {
      id: `link:${place.session}:${commit}`,
      requestId: requestId(index),
      grain: "link",
      ...place,
      timeMs: place.timeMs - (place.timeMs % MINUTE_MS),
      tool: "claude-code",
      provider: "-",
      model: "-",
      tokens: NO_TOKENS,
      commit,
    };
  };

  const window = (index: number): SoakEvent => {
    const { block, ...place } = placeOf(index);
    const [provider, model] = drawFrom<readonly [string, string]>(
      MODELS["claude-code"],
      seed,
      index,
      FOR.model,
    );
    const bucket = drawFrom(WINDOW_BUCKETS, seed, index, FOR.bucket);
    const amount = 1 + drawWhole(seed, index, FOR.input, 90_000);
    return {
      // A block's own nanoseconds: two points of a series never start at once.
      id: `window:${place.session}:${place.timeMs}:${block}:${bucket}:${model}`,
      requestId: String(block % 1_000_000).padStart(6, "0"),
      grain: "window",
      ...place,
      tool: "claude-code",
      provider,
      model,
      tokens: bucket === "cost" ? NO_TOKENS : { ...NO_TOKENS, [bucket]: amount },
      ...(bucket === "cost" ? { reportedCostNanoUsd: BigInt(amount) * 1000n } : {}),
    };
  };

  const eventAt = (index: number): SoakEvent => {
    const format = formatOf(index);
    if (format === "otlp-metrics") {
      return window(index);
    }
    if (format.startsWith("otlp")) {
      return draw(seed, index, FOR.link) < 0.02 ? link(index) : calls(index);
    }
    return twin(index) ?? calls(index);
  };

  return { seed, count, formatOf, event: eventAt };
}

const NO_TOKENS = {
  uncachedInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};
const WINDOW_BUCKETS = ["uncachedInput", "output", "cacheRead", "cacheWrite5m", "cost"] as const;

function dayAt(number: number): number {
  const special = DAYS[number];
  return special === undefined
    ? LATEST_MS - (number - DAYS.length) * 13 * DAY_MS
    : Date.parse(special);
}

function tokensOf(seed: number, index: number, isOtlp: boolean): SentUsage["tokens"] {
  const amount = (purpose: number, below: number) => drawWhole(seed, index, purpose, below);
  const output = amount(FOR.output, 4000);
  return {
    uncachedInput: amount(FOR.input, 3000),
    cacheRead: amount(FOR.read, 90_000),
    cacheWrite5m: isOtlp ? amount(FOR.write, 5000) : 0,
    cacheWrite1h: isOtlp && draw(seed, index, FOR.write1h) < 0.2 ? amount(FOR.write1h, 9000) : 0,
    output,
    reasoning: isOtlp ? 0 : Math.floor(output * draw(seed, index, FOR.reasoning)),
  };
}

function estimate(seed: number, index: number, tool: string): { reportedCostNanoUsd?: bigint } {
  const isSent = draw(seed, index, FOR.reported) < (tool === "acme-agent" ? 0.5 : 0.8);
  return isSent
    ? { reportedCostNanoUsd: BigInt(drawWhole(seed, index, FOR.reported, 900_000)) * 1000n }
    : {};
}

function labels(seed: number, index: number, block: number) {
  return {
    ...(draw(seed, index, FOR.agent) < 0.2
      ? { agent: `explore-${drawWhole(seed, index, FOR.agent, 15)}` }
      : {}),
    ...(draw(seed, block, FOR.work) < 0.5
      ? { useCase: "feature-work", repository: `acme/web-${block % 7}` }
      : {}),
  };
}
