import { MINUTE_MS } from "./calendar.ts";
import type { ModelCall } from "./model-calls.ts";
import { listCostUsd } from "./model-calls.ts";
import type { AttributeValue, LogRecord } from "./otlp-records.ts";
import { exportBody, logRecord } from "./otlp-records.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import { randomStream } from "./random.ts";
import type { Commit, Session } from "./work.ts";

/** The client whose bodies were captured in `test/fixtures/claude-code-otel`. */
const CLIENT_VERSION = "2.1.330";
const ORGANISATION = "5b1d6a0e-3f0a-4a0d-9f10-2b6f0e0d9c11";
/** Records in one body at most: what a client or a collector holds when its export interval ends. */
const MOST_RECORDS = 14;
/** People of these teams are logged in; the others use an API key, and are named by configuration. */
const LOGGED_IN_TEAMS: ReadonlySet<string> = new Set(["team-search", "team-mobile"]);

type Attributes = Readonly<Record<string, AttributeValue>>;

/** One `POST /v1/logs` of one person's client. */
export type TelemetryBody = {
  readonly session: string;
  readonly login: string;
  /** When the client sends it. */
  readonly timeMs: number;
  readonly body: string;
  /** Model calls in it: what the server answers for. */
  readonly calls: number;
  readonly links: number;
  readonly gzip: boolean;
};

/** What the client of a session exports, body by body. A minute of it is never cut in two. */
export function telemetryOf(seed: number, session: Session): readonly TelemetryBody[] {
  const random = randomStream(seed, `telemetry ${session.id}`);
  const person = session.person;
  const events = eventsOf(random, session);
  const standard = standardAttributes(person, session.id);
  const records = events.map((event, index) => ({
    ...event,
    record: logRecord(event.name, event.timeMs, standard, index, event.attributes),
  }));
  const gzip = random.chance(0.3);
  return batches(records).map((batch) => ({
    session: session.id,
    login: person.login,
    timeMs: batch.at(-1)?.timeMs ?? 0,
    body: exportBody(resourceAttributes(person), CLIENT_VERSION, batch.map(recordOf)),
    calls: batch.filter((event) => event.name === "api_request").length,
    links: batch.filter((event) => event.name === "tool_result").length,
    gzip,
  }));
}

type Event = { readonly name: string; readonly timeMs: number; readonly attributes: Attributes };

function recordOf({ record }: { readonly record: LogRecord }): LogRecord {
  return record;
}

/** In order of time: a prompt before each burst, the calls, a commit after the last. */
function eventsOf(random: Random, session: Session): readonly Event[] {
  const promptId = random.uuid();
  const events = session.calls.flatMap((call, index): Event[] => {
    const previous = session.calls[index - 1];
    const first = previous === undefined || minuteOf(call.timeMs) !== minuteOf(previous.timeMs);
    const prompted = first && call.agent === undefined && (index === 0 || random.chance(0.4));
    const request = apiRequest(random, promptId, call);
    return prompted ? [userPrompt(random, promptId, call.timeMs - 900), request] : [request];
  });
  return [
    ...events,
    ...session.commits.map((commit) => committed(random, promptId, session, commit)),
  ];
}

function userPrompt(random: Random, promptId: string, timeMs: number): Event {
  return {
    name: "user_prompt",
    timeMs,
    attributes: {
      "prompt.id": promptId,
      prompt_length: String(random.whole(12, 900)),
      prompt: "<REDACTED>",
      prompt_text: "<REDACTED>",
      "message.uuid": random.uuid(),
    },
  };
}

function apiRequest(random: Random, promptId: string, call: ModelCall): Event {
  const costUsd = listCostUsd(call.model, call.tokens);
  const { input, output, cacheRead, cacheWrite } = call.tokens;
  return {
    name: "api_request",
    timeMs: call.timeMs,
    attributes: {
      "prompt.id": promptId,
      model: call.model,
      input_tokens: input,
      output_tokens: output,
      cache_read_tokens: cacheRead,
      cache_creation_tokens: cacheWrite,
      cache_creation_5m_tokens: cacheWrite,
      cache_creation_1h_tokens: 0,
      cost_usd: costUsd,
      cost_usd_micros: Math.round(costUsd * 1e6),
      duration_ms: 600 + Math.round(output * 14),
      ttft_ms: random.whole(300, 1_900),
      request_id: call.id,
      speed: "normal",
      query_source: call.agent === undefined ? "sdk" : "agent:builtin:general-purpose",
      ...(call.agent !== undefined && { agent_id: call.agent }),
    },
  };
}

/** The result of `git commit`, which names the commit when tool details are switched on. */
function committed(random: Random, promptId: string, session: Session, commit: Commit): Event {
  const branch = session.branch ?? "main";
  const shell = { bash_command: "git", full_command: "git commit -m x", description: "commit" };
  return {
    name: "tool_result",
    timeMs: commit.timeMs,
    attributes: {
      "prompt.id": promptId,
      tool_name: "Bash",
      tool_use_id: `toolu_01${random.token(22)}`,
      success: "true",
      duration_ms: String(random.whole(40, 900)),
      tool_parameters: JSON.stringify({
        ...shell,
        git_commit_id: commit.sha,
        git_branch: branch,
      }),
      tool_input: JSON.stringify({ command: shell.full_command, description: shell.description }),
      tool_input_size_bytes: "58",
      tool_result_size_bytes: "41",
      "vcs.ref.head.revision": commit.sha,
      "vcs.ref.head.name": branch,
      "vcs.ref.head.type": "branch",
      request_id: session.calls.at(-1)?.id ?? "",
    },
  };
}

/** Fills bodies up by whole minutes. */
function batches<T extends { readonly timeMs: number }>(events: readonly T[]): readonly T[][] {
  const full: T[][] = [];
  for (const minute of Map.groupBy(events, (event) => minuteOf(event.timeMs)).values()) {
    const open = full.at(-1);
    if (open === undefined || open.length + minute.length > MOST_RECORDS) {
      full.push([...minute]);
    } else {
      open.push(...minute);
    }
  }
  return full;
}

function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS);
}

function isLoggedIn(person: Person): boolean {
  return LOGGED_IN_TEAMS.has(person.team.id);
}

/** What `OTEL_RESOURCE_ATTRIBUTES` is set to for a team; the client repeats it on every record. */
function configured(person: Person): Attributes {
  return {
    "team.id": person.team.id,
    cost_center: person.team.costCenter,
    ...(isLoggedIn(person) ? {} : { "enduser.id": person.email }),
  };
}

function resourceAttributes(person: Person): Attributes {
  return {
    ...configured(person),
    "host.arch": "amd64",
    "os.type": "linux",
    "os.version": "6.8.0-49-generic",
    "service.name": "claude-code",
    "service.version": CLIENT_VERSION,
  };
}

function standardAttributes(person: Person, session: string): Attributes {
  const account = person.installation;
  return {
    ...configured(person),
    "user.id": person.installation,
    "session.id": session,
    ...(isLoggedIn(person) && {
      "organization.id": ORGANISATION,
      "user.email": person.email,
      "user.account_uuid": `${account.slice(0, 8)}-${account.slice(8, 12)}-4${account.slice(12, 15)}-a${account.slice(15, 18)}-${account.slice(18, 30)}`,
      "user.account_id": `user_01${account.slice(30, 52)}`,
    }),
    "anthropic.provider": "firstParty",
    "anthropic.custom_base_url": false,
    "terminal.type": "xterm",
  };
}
