import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENDS_MS, MINUTE_MS } from "../../../infra/demo/calendar.ts";
import { listCostUsd } from "../../../infra/demo/model-calls.ts";
import { makeOrganisation } from "../../../infra/demo/organisation.ts";
import { phases } from "../../../infra/demo/phases.ts";
import { telemetryOf } from "../../../infra/demo/telemetry.ts";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import type { SentUsage } from "../../../shared/usage/usage-event.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";

const organisation = makeOrganisation(1);
const sent = organisation.sessions.map((session) => ({
  session,
  bodies: telemetryOf(1, session).map((body) => ({ ...body, batch: read(body.body) })),
}));
const bodies = sent.flatMap((each) => each.bodies);

function read(body: string) {
  return usageFromOtlp(logRecordsOf(JSON.parse(body)), {
    nowMs: ENDS_MS,
    hash: (identity) => identity,
    maySend: (tool) => tool === "claude-code",
  });
}

type WireRecord = {
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
};
type WireLogs = {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string }[] };
    readonly scopeLogs: readonly {
      readonly scope: object;
      readonly logRecords: readonly WireRecord[];
    }[];
  }[];
};

function wireRecords(logs: WireLogs): readonly WireRecord[] {
  return logs.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
}

function captured(file: string): readonly WireRecord[] {
  const path = new URL(`../../fixtures/claude-code-otel/${file}`, import.meta.url);
  const text = readFileSync(path, "utf8").trim();
  const documents = file.endsWith("l") ? text.split("\n") : [text];
  return documents.flatMap((document) => wireRecords(JSON.parse(document)));
}

function eventName(record: WireRecord): string {
  const value = record.attributes.find(({ key }) => key === "event.name")?.value;
  return JSON.stringify(value);
}

/** Each event's attributes with the kind of their value, as the captured client writes them. */
function shapes(records: readonly WireRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = Map.groupBy(records, eventName);
  return new Map(
    [...byName].map(([name, list]) => [
      name,
      new Set(
        list.flatMap(({ attributes }) =>
          attributes.map(({ key, value }) => `${key}:${Object.keys(value).join()}`),
        ),
      ),
    ]),
  );
}

/** The attributes of a logged-in user, which the captures, made with an API key, do not have. */
const OF_A_LOGIN = [
  "organization.id:stringValue",
  "user.email:stringValue",
  "user.account_uuid:stringValue",
  "user.account_id:stringValue",
];
/** Of a sub-agent, which the captures have none of. */
const OF_A_SUB_AGENT = ["agent_id:stringValue"];

describe("telemetryOf", () => {
  test("every body is read whole: nothing quarantined, nothing rejected", () => {
    for (const [index, body] of bodies.entries()) {
      const { accepted, quarantined, rejected } = body.batch;

      expect(accepted, `body ${index}`).toHaveLength(body.calls + body.links);
      expect(quarantined).toEqual([]);
      expect(rejected).toEqual([]);
    }
  });

  test("says of each call what the organisation made of it: who, when, which model, which tokens", () => {
    for (const { session, bodies: ofSession } of sent) {
      const requests = ofSession
        .flatMap(({ batch }) => batch.accepted)
        .filter((event) => event.grain === "request");

      expect(requests.map(essence)).toEqual(
        session.calls.map((call) => ({
          timeMs: call.timeMs,
          subject: session.person.email,
          session: session.id,
          agent: call.agent,
          model: call.model,
          tokens: [
            call.tokens.input,
            call.tokens.cacheRead,
            call.tokens.cacheWrite,
            call.tokens.output,
          ],
          cost: Math.round(listCostUsd(call.model, call.tokens) * 1e6) * 1_000,
        })),
      );
    }
  });

  test("ties a session to its commits and branch, or no delivery could ever be credited to it", () => {
    for (const { session, bodies: ofSession } of sent) {
      const links = ofSession
        .flatMap(({ batch }) => batch.accepted)
        .filter((event) => event.grain === "link");

      expect(links.map((link) => link.commit)).toEqual(session.commits.map(({ sha }) => sha));
      expect(links.every((link) => link.branch === session.branch)).toBe(true);
    }
  });

  test("uses only attributes that the captured client sends, in the same kinds of values", () => {
    const real = shapes([
      ...captured("session.logs-1.json"),
      ...captured("session.logs-2.json"),
      ...captured("tool-details.logs.jsonl"),
    ]);
    const ours = shapes(bodies.flatMap(({ body }) => wireRecords(JSON.parse(body))));

    for (const [name, attributes] of ours) {
      const known = new Set([...(real.get(name) ?? []), ...OF_A_LOGIN, ...OF_A_SUB_AGENT]);
      expect([...attributes].filter((each) => !known.has(each))).toEqual([]);
    }
    expect([...ours.keys()].sort()).toEqual(
      ['"api_request"', '"tool_result"', '"user_prompt"'].map((name) => `{"stringValue":${name}}`),
    );
  });

  test("a body holds some ten records, and never cuts a minute of a session in two", () => {
    for (const { bodies: ofSession } of sent) {
      const minutes = ofSession.map(
        ({ batch }) =>
          new Set(
            batch.accepted
              .filter((event) => event.grain === "request")
              .map((event) => Math.floor(event.timeMs / MINUTE_MS)),
          ),
      );
      const distinct = new Set(minutes.flatMap((each) => [...each]));
      expect(minutes.reduce((total, each) => total + each.size, 0)).toBe(distinct.size);
    }

    const perBody = bodies.reduce((total, { calls }) => total + calls, 0) / bodies.length;
    expect(perBody).toBeGreaterThan(6);
    expect(perBody).toBeLessThan(14);
  });

  test("prompts are redacted, as the client does unless told otherwise", () => {
    const prompts = bodies.flatMap(
      ({ body }) => body.match(/"prompt(?:_text)?","value":\{[^}]*\}/g) ?? [],
    );

    expect(prompts.length).toBeGreaterThan(1_000);
    expect(prompts.every((prompt) => prompt.includes("<REDACTED>"))).toBe(true);
  });

  test("a share of the bodies is compressed", () => {
    const share = bodies.filter(({ gzip }) => gzip).length / bodies.length;

    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  test("is the same for the same seed, so that a body that is sent again is the same bytes", () => {
    const again = makeOrganisation(1).sessions.flatMap((session) => telemetryOf(1, session));

    expect(again.map(({ body }) => body)).toEqual(bodies.map(({ body }) => body));
  });
});

function essence({
  timeMs,
  subject,
  session,
  agent,
  model,
  tokens,
  reportedCostNanoUsd,
}: SentUsage) {
  return {
    timeMs,
    subject,
    session,
    agent,
    model,
    tokens: [tokens.uncachedInput, tokens.cacheRead, tokens.cacheWrite5m, tokens.output],
    cost: Number(reportedCostNanoUsd),
  };
}

describe("phases", () => {
  test("hold every body once: what falls between two of them would never be sent", () => {
    const inPhases = phases().flatMap(({ fromMs, toMs }) =>
      bodies.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs),
    );

    expect(inPhases).toHaveLength(bodies.length);
  });

  test("hold all calls of a day that is scored at their end, though a body may span midnight", () => {
    for (const { toMs } of phases()) {
      const midnightMs = toMs - (toMs % 86_400_000);
      const late = bodies.filter(
        ({ batch, timeMs }) =>
          timeMs >= toMs && batch.accepted.some((event) => event.timeMs < midnightMs),
      );
      expect(late).toEqual([]);
    }
  });
});
