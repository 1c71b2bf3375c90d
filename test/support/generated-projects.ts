import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Random, randomStream } from "../../infra/demo/random.ts";

const FIRST_DAY_MS = Date.UTC(2026, 8, 1);
const DAYS = 75;
const MODELS = [
  "claude-opus-4-5-20251101",
  "claude-sonnet-4-5-20250929",
  "claude-haiku-4-5-20251001",
] as const;
const FILLER = 'The quick brown fox jumps over the lazy dog; \\"usage\\" is quoted.\\n'.repeat(64);

export type GeneratedProjects = {
  readonly bytes: number;
  readonly files: number;
  readonly lines: number;
  /** Distinct responses of the model, as they were drawn. */
  readonly responses: number;
  readonly sessions: number;
};

/** A response of the model, before it is written in one or more lines. */
type Response = {
  readonly message: string;
  readonly request: string | undefined;
  readonly atMs: number;
  readonly model: string;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly blocks: number;
  readonly isStreamed: boolean;
  readonly costUsd: number | undefined;
};

type Context = {
  readonly random: Random;
  readonly session: string;
  readonly version: string;
  readonly branch: string;
};

/**
 * Writes a folder `projects` as Claude Code leaves it behind, of about so many bytes: the same for the same
 * seed. It has what makes counting hard: a line for each content block, partial counts of streams,
 * sub-agents, of which some begin with a replay of their parent's history and some with one under other
 * request ids, forks, messages that no model wrote, and lines that are cut off.
 */
export function generateProjects(
  folder: string,
  { bytes: wanted, seed }: { readonly bytes: number; readonly seed: number },
): GeneratedProjects {
  const random = randomStream(seed, "projects");
  const made = { bytes: 0, files: 0, lines: 0, responses: 0, sessions: 0 };
  const write = (path: string, lines: readonly string[], isCutOff = false) => {
    const text = `${lines.join("\n")}\n${isCutOff ? lines[0]?.slice(0, 60) : ""}`;
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    made.bytes += Buffer.byteLength(text);
    made.files += 1;
    made.lines += lines.length;
  };
  while (made.bytes < wanted) {
    made.sessions += 1;
    made.responses += writeSession(random, write);
  }
  return made;
}

type Write = (path: string, lines: readonly string[], isCutOff?: boolean) => void;

function writeSession(random: Random, write: Write): number {
  const project = `projects/-home-dev-${random.pick(["web", "api", "infra", "shop", "docs"])}`;
  const isOld = random.chance(0.2);
  const context: Context = {
    random,
    session: random.uuid(),
    version: isOld ? "1.0.44" : "2.1.330",
    branch: random.pick(["main", "feat/cart", "fix/login", "feat/search"]),
  };
  const startMs =
    FIRST_DAY_MS + random.whole(0, DAYS - 1) * 86_400_000 + random.whole(6, 16) * 3_600_000;
  const history = responses(context, startMs, random.whole(5, 60), isOld);
  let count = history.length;
  write(
    `${project}/${context.session}.jsonl`,
    transcript(context, history, {}),
    random.chance(0.1),
  );

  for (let agent = isOld ? 0 : random.whole(0, 3); agent > 0; agent -= 1) {
    const own = responses(context, startMs + 60_000, random.whole(2, 20), false);
    count += own.length;
    const { agentId, replayed } = drawReplay(random, history);
    const fields = { isSidechain: true, agentId };
    write(`${project}/${context.session}/subagents/agent-${agentId}.jsonl`, [
      ...replayed.flatMap((response) => responseLines(context, response, fields)),
      ...transcript(context, own, fields),
    ]);
  }

  if (random.chance(0.1)) {
    const fork = { ...context, session: random.uuid() };
    const own = responses(fork, startMs + 4 * 3_600_000, random.whole(2, 20), false);
    count += own.length;
    const forkedFrom = { sessionId: context.session, messageUuid: random.uuid() };
    write(`${project}/${fork.session}.jsonl`, [
      ...history.flatMap((response) => responseLines(fork, response, { forkedFrom })),
      ...transcript(fork, own, {}),
    ]);
  }
  return count;
}

/** Most sub-agents begin anew; others repeat what came before, at times under other request ids. */
function drawReplay(random: Random, history: readonly Response[]) {
  const kind = random.unit();
  if (kind < 0.7) {
    return { agentId: `a${random.hex(16)}`, replayed: [] };
  }
  if (kind < 0.85) {
    return { agentId: `acompact-${random.hex(16)}`, replayed: history };
  }
  const other = () => `req_011${random.token(20)}`;
  return {
    agentId: `aside_question-${random.hex(16)}`,
    replayed: history.map((response) => ({ ...response, request: other() })),
  };
}

function responses(
  { random }: Context,
  startMs: number,
  count: number,
  isOld: boolean,
): readonly Response[] {
  const model = random.pick(MODELS);
  const isHourly = random.chance(0.5);
  const isFast = random.chance(0.05);
  let atMs = startMs;
  let cached = random.whole(0, 20_000);
  return Array.from({ length: count }, (): Response => {
    atMs += random.whole(2_000, 180_000);
    const written = random.whole(100, 6_000);
    const oneHour = isHourly ? written : 0;
    const usage = {
      input_tokens: random.whole(1, 300),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: cached,
      cache_creation: {
        ephemeral_5m_input_tokens: written - oneHour,
        ephemeral_1h_input_tokens: oneHour,
      },
      output_tokens: Math.ceil(random.logNormal(300, 1)),
      service_tier: "standard",
      ...(isOld ? {} : { speed: isFast ? "fast" : "standard" }),
    };
    cached += written;
    return {
      message: `msg_01${random.token(22)}`,
      request: `req_011${random.token(20)}`,
      atMs,
      model: random.chance(0.1) ? MODELS[2] : model,
      usage,
      blocks: random.whole(1, 3),
      isStreamed: random.chance(0.2),
      costUsd: isOld ? 0.01 : undefined,
    };
  });
}

/** Responses with what stands between them. */
function transcript(
  context: Context,
  calls: readonly Response[],
  fields: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { random } = context;
  return calls.flatMap((response) => [
    toolOutput(context, response.atMs - 1_000),
    ...responseLines(context, response, fields),
    ...(random.chance(0.02) ? [notFromAModel(context, response)] : []),
  ]);
}

function responseLines(
  context: Context,
  response: Response,
  fields: Readonly<Record<string, unknown>>,
): readonly string[] {
  const { usage, blocks, isStreamed, atMs } = response;
  const partial = { ...usage, output_tokens: 1 };
  const last = { message: { stop_reason: "tool_use" } };
  const whole = Array.from({ length: blocks }, (_, block) =>
    responseLine(context, response, atMs + block * 300, { usage, ...last, fields }),
  );
  return isStreamed
    ? [
        responseLine(context, response, atMs, {
          usage: partial,
          message: { stop_reason: null },
          fields,
        }),
        ...whole,
      ]
    : whole;
}

function responseLine(
  { session, version, branch, random }: Context,
  { message, request, model, costUsd }: Response,
  atMs: number,
  {
    usage,
    message: more,
    fields,
  }: { readonly usage: object; readonly message: object; readonly fields: object },
): string {
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    userType: "external",
    cwd: "/home/dev/web",
    sessionId: session,
    version,
    gitBranch: branch,
    message: {
      id: message,
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text: FILLER.slice(0, random.whole(20, 1_500)) }],
      ...more,
      usage,
    },
    ...(request !== undefined && { requestId: request }),
    type: "assistant",
    uuid: random.uuid(),
    timestamp: new Date(atMs).toISOString(),
    ...(costUsd !== undefined && { costUSD: costUsd }),
    ...fields,
  });
}

function toolOutput({ session, version, random }: Context, atMs: number): string {
  return JSON.stringify({
    type: "user",
    message: {
      role: "user",
      content: [{ type: "tool_result", content: FILLER.slice(0, random.whole(50, 4_000)) }],
    },
    toolUseResult: { stdout: FILLER.slice(0, random.whole(50, 4_000)), stderr: "" },
    uuid: random.uuid(),
    timestamp: new Date(atMs).toISOString(),
    sessionId: session,
    version,
  });
}

/** Claude Code's own words in a session, such as that a request failed. */
function notFromAModel(context: Context, { atMs }: Response): string {
  const { random } = context;
  const nothing = { input_tokens: 0, output_tokens: 0 };
  const own: Response = {
    message: random.uuid(),
    request: undefined,
    atMs,
    model: "<synthetic>",
    usage: nothing,
    blocks: 1,
    isStreamed: false,
    costUsd: undefined,
  };
  return responseLine(context, own, atMs + 500, {
    usage: nothing,
    message: { stop_reason: "stop_sequence" },
    fields: { isApiErrorMessage: random.chance(0.5) },
  });
}
