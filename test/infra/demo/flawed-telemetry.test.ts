import { describe, expect, test } from "vitest";
import { capturedBodies } from "../../../infra/demo/captured-bodies.ts";
import { BROKEN_BODY, flawedTelemetry } from "../../../infra/demo/flawed-telemetry.ts";
import { runawaySession, runawayTruth } from "../../../infra/demo/live-session.ts";
import { listCostUsd } from "../../../infra/demo/model-calls.ts";
import { makeOrganisation } from "../../../infra/demo/organisation.ts";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { callCost } from "../../../shared/pricing/price-book.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";

const NOW_MS = Date.UTC(2026, 10, 22);

const batches = flawedTelemetry(NOW_MS).map(({ body }) =>
  usageFromOtlp(logRecordsOf(JSON.parse(body)), {
    nowMs: NOW_MS,
    hash: (identity) => identity,
    maySend: () => true,
  }),
);

describe("flawedTelemetry", () => {
  test("has a clock in the future, which is kept aside, and negative tokens, which are rejected", () => {
    expect(batches.flatMap((batch) => batch.quarantined).map(({ reason }) => reason)).toEqual([
      "clock-in-future",
    ]);
    expect(batches.flatMap((batch) => batch.rejected)).toHaveLength(1);
  });

  test("has one request with two sets of figures, which only the ledger can see", () => {
    const accepted = batches.flatMap((batch) => batch.accepted);
    const same = Object.values(Object.groupBy(accepted, (event) => event.id)).filter(
      (events) => events?.length === 2,
    );

    expect(same).toHaveLength(1);
    expect(new Set(same[0]?.map((event) => event.tokens.output)).size).toBe(2);
  });

  test("has a model that nobody knows the price of: not even its sender says a cost", () => {
    const unpriced = batches
      .flatMap((batch) => batch.accepted)
      .filter((event) => callCost(genaiPriceBook(), event).basis === "unpriced");

    expect(unpriced.map((event) => event.model)).toEqual(["acme-internal-7b"]);
  });

  test("the broken body is broken", () => {
    expect(() => JSON.parse(BROKEN_BODY)).toThrow(SyntaxError);
  });
});

describe("capturedBodies", () => {
  test("are logs and metrics, as JSON and as protobuf, a body a line where a file has lines", () => {
    const kinds = new Set(
      capturedBodies("key").map(({ headers, path }) => `${path} ${headers["Content-Type"]}`),
    );

    expect(kinds.size).toBe(4);
    expect(capturedBodies("key").every(({ body }) => body.length > 0)).toBe(true);
  });
});

describe("runawaySession", () => {
  const { people, sessions } = makeOrganisation(1);
  const person = people.find(({ login }) => login === "user-013");
  if (person === undefined) {
    throw new Error("the runaway's person is missing");
  }
  const session = runawaySession(1, person, NOW_MS);
  const costOf = (calls: typeof session.calls) =>
    calls.reduce((total, call) => total + listCostUsd(call.model, call.tokens), 0);

  test("is running just now, and no call of it is in the future", () => {
    const lastMs = session.calls.at(-1)?.timeMs ?? 0;

    expect(lastMs).toBeLessThanOrEqual(NOW_MS);
    expect(lastMs).toBeGreaterThan(NOW_MS - 120_000);
  });

  test("costs far more than any session that succeeded", () => {
    const dearest = Math.max(
      ...sessions.filter(({ succeeded }) => succeeded).map(({ calls }) => costOf(calls)),
    );

    expect(costOf(session.calls)).toBeGreaterThan(2 * dearest);
  });

  test("its truth names the session, so that no other alert can pass for it", () => {
    expect(runawayTruth(session)).toMatchObject({
      user: "user-013",
      waste: true,
      session: session.id,
    });
  });
});
