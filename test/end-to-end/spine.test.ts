import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoDbAlertOutbox } from "../../functions/adapters/dynamodb-alert-outbox.ts";
import { dynamoDbAlertRegister } from "../../functions/adapters/dynamodb-alert-register.ts";
import { alertsCommand } from "../../infra/cli/alerts-command.ts";
import { nanoUsdFromDecimal } from "../../shared/money/nano-usd.ts";
import { aFollowUp, aWindowAlert } from "../support/alerts.ts";
import { recordedTerminal } from "../support/recorded-terminal.ts";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

const DIRECTORY = `user,team,cost_center,owner,use_case,effective_from,aliases
user-017@example.com,team-checkout,,,,2026-01-01,github:user-017
`;
const CAPTURED = [
  "session.logs-1",
  "session.logs-2",
  "resume.logs-1",
  "pr-create.logs-1",
  "oauth-user-burn.logs",
] as const;
/** Sum of `cost_usd_micros` of the captured requests, as Claude Code itself states it. */
const CAPTURED_NANO_USD = (50_877n + 33_918n + 5_352_750n) * 1000n;

/** The same, and what a night that runs again may come to when late data has arrived. */
const FOLLOW_UPS = [aFollowUp("resolved"), aFollowUp("resolved"), aFollowUp("raised")];

let stack: RunningStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await runStack();
  s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
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

function outbox(folder: string): readonly string[] {
  const path = join(stack.host.outboxDir, folder);
  return readdirSync(path).map((name) => readFileSync(join(path, name), "utf8"));
}

function signed(body: string | Buffer, event: string, secret: string) {
  return {
    "x-github-event": event,
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0999",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
}

describe("captured telemetry", () => {
  test("costs in the ledger what Claude Code says it cost, also when all of it is sent again", async () => {
    for (const name of [...CAPTURED, ...CAPTURED]) {
      const answer = await stack.post("/v1/logs", fixture(`claude-code-otel/${name}.json`));
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }

    expect(await stack.ledger()).toMatchObject({ calls: 11, costNanoUsd: CAPTURED_NANO_USD });
  });

  test("counts metrics of the same sessions as no further spend", async () => {
    for (const name of ["session.metrics-1", "session.metrics-2", "pr-create.metrics-1"]) {
      const answer = await stack.post("/v1/metrics", fixture(`claude-code-otel/${name}.json`));
      expect(answer.status).toBe(200);
    }

    expect(await stack.ledger()).toMatchObject({ calls: 11, costNanoUsd: CAPTURED_NANO_USD });
  });

  test("is in the month's report to the nano-dollar, under the team where one is known", async () => {
    await stack.host.idle();

    const result = await stack.host.fire(
      "CostReportsMonthToDate",
      new Date("2026-11-30T05:00:00Z"),
    );
    const { path, totalNanoUsd } = z
      .object({ path: z.string(), totalNanoUsd: z.string() })
      .parse(result);

    const csv = readFileSync(
      join(stack.host.stateDir, "s3", stack.output("ReportBucketName"), path),
      "utf8",
    );
    const rows: { cost_usd: string }[] = parse(csv, { columns: true });
    const sum = rows.reduce((total, row) => total + nanoUsdFromDecimal(row.cost_usd), 0n);
    expect(BigInt(totalNanoUsd)).toBe(CAPTURED_NANO_USD);
    expect(sum).toBe(CAPTURED_NANO_USD);
    expect(await stack.rolledUpNanoUsd()).toBe(CAPTURED_NANO_USD);
  });
});

describe("a running session past the limit", () => {
  test("reaches its budget owner by e-mail and chat, once, and nobody else", async () => {
    const now = Date.now();
    const call = (n: number) => ({
      id: `req_runaway_${n}`,
      time: new Date(now - 600_000 + n * 1000).toISOString(),
      user: "user-017@example.com",
      session: "runaway-session",
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-opus-4-5",
      tokens: { input: 20_000, output: 24_000, cacheRead: 150_000, cacheWrite5m: 30_000 },
    });

    for (const batch of [0, 1, 2]) {
      const body = Array.from({ length: 4 }, (_, n) => call(batch * 4 + n));
      expect((await stack.post("/v1/usage", JSON.stringify(body))).status).toBe(200);
      await stack.host.idle();
    }

    const mails = outbox("email");
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^To: checkout-owner@example\.com\nSubject: /);
    expect(mails[0]).toContain("WHAT WOULD CLEAR IT");
    expect(outbox("chat/C0123456789")).toHaveLength(1);
  });
});

describe("an alert that was sent", () => {
  const alerts = async (...args: readonly string[]) => {
    const terminal = recordedTerminal();
    await alertsCommand(args, {
      ...terminal,
      connect: () => dynamoDbAlertRegister(stack.dynamoDb, stack.output("InsightsTableName")),
      nowMs: Date.now,
    });
    return terminal.printed;
  };

  const link = () => /^Answer: (\S+)$/m.exec(outbox("email")[0] ?? "")?.[1] ?? "";
  const sendForm = (url: string, answer: string) =>
    fetch(url, { method: "POST", body: new URLSearchParams({ answer }) });

  test("waits for its owner, however often mail scanners and previews open its link", async () => {
    const [chat = ""] = outbox("chat/C0123456789");
    expect(link()).toContain(`${stack.host.apiUrl}/v1/alerts/`);
    expect(chat).toContain(`<${link()}|Answer>`);

    const asked = await fetch(link(), { method: "HEAD" });
    expect([asked.status, await asked.text()]).toEqual([200, ""]);
    for (const _ of [1, 2, 3]) {
      const page = await fetch(link());
      expect(page.status).toBe(200);
      expect(page.headers.get("cache-control")).toBe("no-store");
      expect(await page.text()).toContain('<form method="post">');
    }

    expect((await alerts("list")).at(-1)).toMatch(/runaway-session .* open$/);
  });

  test("is not answered by a link that somebody changed", async () => {
    const forged = link().replace(/.$/, (last) => (last === "0" ? "1" : "0"));

    expect((await fetch(forged)).status).toBe(404);
    expect((await sendForm(forged, "waste")).status).toBe(404);
    expect((await alerts("list")).at(-1)).toMatch(/ open$/);
  });

  test("is answered on the page that its link opens, and its owner can think again", async () => {
    const first = await sendForm(link(), "waste");
    const second = await sendForm(link(), "planned");

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await second.text()).toContain("<h1>Recorded: planned</h1>");
    expect(await (await fetch(link())).text()).toContain("<h1>Answered: planned</h1>");
    expect((await alerts("list", "--all")).at(-1)).toMatch(
      /planned by the link of checkout-owner$/,
    );
    expect(await alerts("list")).toEqual([]);
    expect(stack.host.denied).toEqual([]);
  });

  test("can be answered by the command too, which counts as the last answer", async () => {
    const id = /Alert\s+id:\s+(\S+)/.exec(outbox("email")[0] ?? "")?.[1] ?? "";

    await alerts("answer", id, "expected", "--by", "checkout-owner");

    expect((await alerts("list", "--all")).at(-1)).toMatch(/expected by checkout-owner$/);
  });

  test("is followed up once at an age, however often and with whatever verdict it is recorded", async () => {
    const owner = "checkout-owner";
    const alertOutbox = dynamoDbAlertOutbox(stack.dynamoDb, stack.output("InsightsTableName"));
    const before = outbox("email").length;

    const recorded: boolean[] = [];
    for (const alert of [aWindowAlert(), ...FOLLOW_UPS]) {
      recorded.push(await alertOutbox.record({ ...alert, owner }, Date.now()));
      await stack.host.idle();
    }

    expect(recorded).toEqual([true, true, false, false]);
    const subjects = outbox("email")
      .slice(before)
      .map((mail) => /^Subject: .*$/m.exec(mail)?.[0]);
    expect(subjects).toEqual([
      expect.stringContaining("spend unusual"),
      expect.stringContaining("Outpace: resolved"),
    ]);
    expect(await alertOutbox.pending()).toEqual([]);
  });
});

describe("a GitHub webhook", () => {
  test("counts once, however often GitHub delivers it", async () => {
    const secret = await stack.secret("GithubWebhookSecretArn");
    const body = fixture("github/pull_request.closed-merged.json");
    const deliver = () =>
      stack.post("/webhooks/github", body, {
        ...signed(body, "pull_request", secret),
        authorization: "",
      });

    expect(await (await deliver()).json()).toMatchObject({ outcome: "committed" });
    expect(await (await deliver()).json()).toMatchObject({ outcome: "duplicate" });
  });

  test("is refused when its signature is over other bytes", async () => {
    const secret = await stack.secret("GithubWebhookSecretArn");
    const body = fixture("github/pull_request.closed-merged.json");

    const answer = await stack.post(
      "/webhooks/github",
      `${body} `,
      signed(body, "pull_request", secret),
    );

    expect(answer.status).toBe(401);
  });
});

describe("a night without history", () => {
  test("says that it is learning, and alerts nobody", async () => {
    const mails = outbox("email").length;

    const result = await stack.host.fire("ScoringNightly", new Date("2026-11-22T03:00:00Z"));
    await stack.host.idle();

    expect(result).toMatchObject({ learning: "under-4-weeks-of-history" });
    expect(outbox("email")).toHaveLength(mails);
  });
});
