import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import { issueSenderKey } from "../../infra/cli/issue-sender-key.ts";
import { nanoUsdFromDecimal } from "../../shared/money/nano-usd.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { UNATTRIBUTED } from "../../shared/usage/usage-event.ts";
import {
  type Attributes,
  apiRequestAttributes,
  attributesJson,
  dataPointJson,
  logRecordJson,
} from "../support/otlp-bodies.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** List costs of one call of each kind, worked out apart from this code. */
const COST = { claude: 16_959_000n, codex: 4_750_000n, gemini: 5_950_000n } as const;

const DIRECTORY = `user,team,cost_center,owner,use_case,effective_from,aliases
person-1@example.com,team-checkout,,,,2026-01-01,person.one@example.org;claude-code:install-1;cursor:1
person-2@example.com,team-checkout,,,,2026-01-01,claude-code:install-2
`;

/** A record as a collector holds it: with the resource and the scope that it came with. */
type Held = { readonly resource: Attributes; readonly scope: string; readonly record: object };

let stack: RunningStack;
let pseudonymise: Pseudonymise;

beforeAll(async () => {
  stack = await runStack();
  pseudonymise = hmacPseudonyms(await stack.secret("PseudonymSecretArn"));
  const s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
  await s3.send(
    new PutObjectCommand({
      Bucket: stack.output("DropBucketName"),
      Key: "directory/directory.csv",
      Body: DIRECTORY,
    }),
  );
  await stack.host.idle();
});
afterAll(() => stack.host.close());

/** So many minutes past nine on the fifth of October. */
function at(minute: number) {
  return { timeUnixNano: `${Date.UTC(2026, 9, 5, 9, minute)}000000` };
}

function claude(n: number, who: Attributes): Held {
  const attributes = apiRequestAttributes({
    request_id: `req_collector_${n}`,
    "user.email": undefined,
    "session.id": `session-${Object.values(who).join()}`,
    "event.timestamp": undefined,
    ...who,
  });
  return {
    resource: { "service.name": "claude-code" },
    scope: "com.anthropic.claude_code.events",
    record: logRecordJson(attributes, at(n)),
  };
}

function codex(who: Attributes): Held {
  const attributes = {
    "event.name": "codex.sse_event",
    "event.kind": "response.completed",
    "conversation.id": "019b-codex",
    model: "gpt-5.1-codex",
    input_token_count: "5000",
    output_token_count: "300",
    cached_token_count: 4000,
    ...who,
  };
  return {
    resource: { "service.name": "codex_exec" },
    scope: "codex_otel",
    record: logRecordJson(attributes, at(30)),
  };
}

function gemini(who: Attributes): Held {
  const attributes = {
    "event.name": "gemini_cli.api_response",
    "session.id": "gemini-session",
    model: "gemini-2.5-pro",
    input_token_count: 5000,
    output_token_count: 300,
    cached_content_token_count: 4000,
    thoughts_token_count: 120,
    ...who,
  };
  return {
    resource: { "service.name": "gemini-cli" },
    scope: "gemini-cli",
    record: logRecordJson(attributes, at(31)),
  };
}

function service(id: string, resource: Attributes): Held {
  const attributes = {
    "event.name": "gen_ai.client.inference.operation.details",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.response.id": id,
    "gen_ai.usage.input_tokens": 21_123,
    "gen_ai.usage.output_tokens": 456,
    "gen_ai.usage.cache_read.input_tokens": 20_000,
    "gen_ai.usage.cache_creation.input_tokens": 1000,
  };
  return {
    resource: { "service.name": "refund-bot", ...resource },
    scope: "example.genai",
    record: logRecordJson(attributes, at(32)),
  };
}

/** One request with all of these, and what collectors add on the way. */
function batchOf(held: readonly Held[]): string {
  const added = { "k8s.pod.name": "collector-7d9f", "deployment.environment.name": "prod" };
  return JSON.stringify({
    resourceLogs: held.map(({ resource, scope, record }) => ({
      resource: { attributes: attributesJson({ ...resource, ...added }) },
      scopeLogs: [{ scope: { name: scope }, logRecords: [record] }],
    })),
  });
}

async function costsByUser(): Promise<ReadonlyMap<string, bigint>> {
  await stack.host.idle();
  const costs = new Map<string, bigint>();
  for (const { user, costNanoUsd } of await stack.userDays()) {
    costs.set(user, (costs.get(user) ?? 0n) + costNanoUsd);
  }
  return costs;
}

const HELD: readonly Held[] = [
  ...[0, 1, 2].map((n) => claude(n, { "user.email": "person-1@example.com" })),
  claude(3, { "user.email": "Person.One@Example.org" }),
  claude(4, { "user.id": "install-1" }),
  ...[5, 6].map((n) => claude(n, { "user.id": "install-2" })),
  codex({ "user.email": "person-2@example.com" }),
  gemini({ "user.email": "person-2@example.com" }),
  service("msg_known", { "enduser.id": "person-1@example.com" }),
  service("msg_nobody", {}),
];

describe("a collector that sends for many", () => {
  test("has each person's calls counted exactly, once, in whatever batches", async () => {
    for (const size of [HELD.length, 1, 4]) {
      for (let at = 0; at < HELD.length; at += size) {
        const answer = await stack.post(
          "/v1/logs",
          batchOf(HELD.slice(at, at + size).toReversed()),
        );
        expect([answer.status, await answer.json()]).toEqual([200, {}]);
      }
    }

    expect(await costsByUser()).toEqual(
      new Map([
        [pseudonymise("person-1@example.com"), 4n * COST.claude],
        [pseudonymise("person.one@example.org"), COST.claude],
        [pseudonymise("claude-code:install-1"), COST.claude],
        [pseudonymise("claude-code:install-2"), 2n * COST.claude],
        [pseudonymise("person-2@example.com"), COST.codex + COST.gemini],
        [UNATTRIBUTED, COST.claude],
      ]),
    );
  });

  test("may have made deltas of what was cumulative: it is the same spend, in other windows", async () => {
    const point = (from: number, to: number, tokens: number) =>
      dataPointJson(
        { "user.email": "person-3@example.com", "session.id": "only-metrics", type: "output" },
        {
          asDouble: tokens,
          startTimeUnixNano: `${Date.UTC(2026, 9, 5, 10, from)}000000`,
          timeUnixNano: `${Date.UTC(2026, 9, 5, 10, to)}000000`,
        },
      );
    const body = (...points: readonly object[]) =>
      JSON.stringify({
        resourceMetrics: points.map((dataPoint) => ({
          resource: { attributes: attributesJson({ "service.name": "claude-code" }) },
          scopeMetrics: [
            {
              scope: { name: "com.anthropic.claude_code" },
              metrics: [
                {
                  name: "claude_code.token.usage",
                  sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [dataPoint] },
                },
              ],
            },
          ],
        })),
      });

    await stack.post("/v1/metrics", body(point(0, 1, 100), point(1, 2, 250)));
    await stack.post("/v1/metrics", body(point(1, 2, 250)));

    await stack.host.idle();
    const days = (await stack.userDays()).filter(
      ({ user }) => user === pseudonymise("person-3@example.com"),
    );
    expect(days.flatMap(({ lines }) => lines.map(({ tokens }) => tokens.output))).toEqual([350]);
  });
});

describe("a key that is bound to a person", () => {
  test("wins over whatever the client says", async () => {
    const before = await costsByUser();
    const bound = await issueSenderKey(
      dynamoDbSenderKeys(stack.dynamoDb, stack.output("DirectoryTableName")),
      { source: "any", user: pseudonymise("person-4@example.com") },
      Date.now(),
    );
    const claimed = claude(7, { "user.email": "person-1@example.com" });

    const answer = await stack.post("/v1/logs", batchOf([claimed]), {
      authorization: `Bearer ${bound}`,
    });

    expect(answer.status).toBe(200);
    expect(await costsByUser()).toEqual(
      new Map([...before, [pseudonymise("person-4@example.com"), COST.claude]]),
    );
  });
});

describe("the month's report", () => {
  test("has one person for many addresses and machines, and a line for whom no one knows", async () => {
    await stack.host.idle();
    const { path } = z
      .object({ path: z.string() })
      .parse(await stack.host.fire("CostReportsMonthToDate", new Date("2026-10-31T05:00:00Z")));

    const csv = readFileSync(
      join(stack.host.stateDir, "s3", stack.output("ReportBucketName"), path),
      "utf8",
    );
    const rows: { person: string; team: string; cost_usd: string }[] = parse(csv, {
      columns: true,
    });
    const total = (person: string) =>
      rows
        .filter((row) => row.person === person)
        .reduce((sum, row) => sum + nanoUsdFromDecimal(row.cost_usd), 0n);
    expect(total(pseudonymise("person-1@example.com"))).toBe(6n * COST.claude);
    expect(total(pseudonymise("person-2@example.com"))).toBe(
      2n * COST.claude + COST.codex + COST.gemini,
    );
    expect(total(UNATTRIBUTED)).toBe(COST.claude);
    const teams = new Map(rows.map(({ person, team }) => [person, team]));
    expect(teams.get(pseudonymise("person-1@example.com"))).toBe("team-checkout");
    expect(teams.get(UNATTRIBUTED)).toBe("unassigned");
  });
});
