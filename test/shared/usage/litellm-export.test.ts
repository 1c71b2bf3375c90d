import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { LITELLM_EXPORTS } from "../../../shared/usage/litellm-export.ts";
import { RefusedFileError } from "../../../shared/usage/usage-drop.ts";
import { acceptedOf, readFile } from "../../support/dropped-files.ts";
import { aLitellmPayload, litellmPayloads } from "../../support/litellm-payloads.ts";

type Row = Readonly<Record<string, unknown>>;

const read = (text: string) => readFile(LITELLM_EXPORTS, text);
const NOW_MS = Date.parse("2026-11-22T12:00:00Z");

const ROW: Row = JSON.parse(
  readFileSync(new URL("../../fixtures/litellm/spend-logs.rows.json", import.meta.url), "utf8"),
)[0];
const aRow = (cells: Row = {}) => JSON.stringify({ ...ROW, ...cells });

/** What the callback makes of the same call. */
const [CALLED_BACK] = usageFromLitellm([{ kind: "value", value: litellmPayloads()[0] }], {
  nowMs: NOW_MS,
  maySend: () => true,
}).accepted;

describe("LITELLM_EXPORTS", () => {
  test("a row of the spend logs is the very call that the callback reports", () => {
    expect(read(aRow())).toEqual([{ kind: "accepted", event: CALLED_BACK }]);
    expect(CALLED_BACK).toMatchObject({
      id: "anthropic:chatcmpl-0b6f0c1e-1",
      timeMs: Date.parse("2026-11-21T22:25:12.625Z"),
      subject: "user-017@example.com",
      session: "sess-litellm-1",
      // 21123 in all, 20000 of them read from the cache, 1000 written.
      tokens: { uncachedInput: 123, cacheRead: 20_000, cacheWrite5m: 1_000, output: 456 },
      reportedCostNanoUsd: 16_959_000n,
    });
  });

  test.each([
    ["a page of the API", JSON.stringify({ data: [ROW], total: 1, page: 1 })],
    ["metadata as text", aRow({ metadata: JSON.stringify(ROW["metadata"]) })],
    [
      "times with a blank, as Postgres writes them",
      aRow({ startTime: "2026-11-21 22:25:00.125", endTime: "2026-11-21 22:25:12.625+00" }),
    ],
    [
      "the owner of the key in the metadata only",
      aRow({
        user: "",
        metadata: { ...(ROW["metadata"] as Row), user_api_key_user_id: "user-017@example.com" },
      }),
    ],
    ["no status, as before there was one", aRow({ status: null })],
    ["a payload of the S3 logger", JSON.stringify(aLitellmPayload())],
  ])("%s makes no difference", (_, line) => {
    expect(read(line)).toEqual([{ kind: "accepted", event: CALLED_BACK }]);
  });

  test("a table says the same, with JSON in its cells", () => {
    const cells = {
      ...ROW,
      metadata: JSON.stringify(ROW["metadata"]),
      messages: "{}\n",
      response: "",
    };
    const quoted = Object.values(cells).map(
      (cell) => `"${String(cell ?? "").replaceAll('"', '""')}"`,
    );

    expect(read(`${Object.keys(cells).join(",")}\n${quoted.join(",")}\n`)).toEqual([
      { kind: "accepted", event: CALLED_BACK },
    ]);
  });

  test.each([
    ["cache-hit", { cache_hit: "True" }],
    [
      "failure-without-usage",
      { status: "failure", spend: 0, prompt_tokens: 0, completion_tokens: 0 },
    ],
    ["no-usage", { spend: 0, prompt_tokens: 0, completion_tokens: 0 }],
  ])("a row without usage is counted as %s", (name, cells) => {
    expect(read(aRow(cells))).toEqual([{ kind: "ignored", name }]);
  });

  test.each([
    ["spend", { spend: "much" }],
    ["prompt_tokens", { prompt_tokens: -1 }],
    ["endTime", { endTime: "yesterday" }],
    ["startTime", { startTime: null }],
    ["model", { model: "" }],
    ["request_id", { request_id: null }],
  ])("a fault in %s is named as the row has it", (path, cells) => {
    expect(read(aRow(cells))).toMatchObject([{ kind: "rejected", path }]);
  });

  test("a line that is no JSON spoils only itself", () => {
    expect(read(`${aRow()}\n{"request_id": \n${aRow()}`).map(({ kind }) => kind)).toEqual([
      "accepted",
      "rejected",
      "accepted",
    ]);
  });

  test("refuses a table of something else", () => {
    expect(() => read("Date,UserId\n2026-11-20,a")).toThrow(RefusedFileError);
  });

  test("keeps no message, response, key or address", () => {
    const events = acceptedOf(read(aRow({ messages: [{ content: "canary-5e0b" }] })));

    expect(events).toHaveLength(1);
    expect(
      JSON.stringify(events, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toMatch(/canary|10\.0\.4\.17|laptop|00000000/);
  });
});
