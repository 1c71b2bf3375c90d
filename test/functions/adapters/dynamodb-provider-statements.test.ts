import { describe, expect, test } from "vitest";
import { dynamoDbProviderStatements } from "../../../functions/adapters/dynamodb-provider-statements.ts";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import type { ProviderStatement } from "../../../shared/reconciliation/provider-statement.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { dynamoDbDouble } from "../../support/dynamodb-double.ts";

function aStatement(overrides: Partial<ProviderStatement> = {}): ProviderStatement {
  return {
    provider: "anthropic",
    kind: "cost",
    from: "2026-11-20",
    to: "2026-11-21",
    row: '["workspace","input"]',
    asOfMs: 1_000,
    costNanoUsd: 1_237_891_200n,
    ...overrides,
  };
}

function setup() {
  return dynamoDbProviderStatements(dynamoDbDouble(), "Ledger", identityHash);
}

describe("the statements of providers", () => {
  test("come back as they were put, of the days that are asked for", async () => {
    const store = setup();
    const all = [
      aStatement({ costNanoUsd: -5n }),
      aStatement({ kind: "usage", tokens: { ...NO_TOKENS, output: 7 }, calls: 2, model: "m" }),
      aStatement({ from: "2026-11-30", to: "2026-12-01" }),
      aStatement({ from: "2026-12-01", to: "2026-12-02" }),
    ];
    for (const statement of all) {
      await store.put(statement);
    }

    const november = await store.readBetween("2026-11-20", "2026-12-01");
    expect(november).toHaveLength(3);
    expect(november).toEqual(expect.arrayContaining(all.slice(0, 3)));
    expect(await store.readBetween("2026-11-21", "2026-11-30")).toEqual([]);
    expect(await store.readBetween("2026-11-20", "2026-12-02")).toHaveLength(4);
  });

  test("of one row are one: the latest, in whatever order they come", async () => {
    const store = setup();
    await store.put(aStatement({ asOfMs: 2_000, costNanoUsd: 2n }));
    await store.put(aStatement({ asOfMs: 3_000, costNanoUsd: 3n }));
    await store.put(aStatement({ asOfMs: 1_000, costNanoUsd: 1n }));

    expect(await store.readBetween("2026-11-20", "2026-11-21")).toMatchObject([
      { asOfMs: 3_000, costNanoUsd: 3n },
    ]);
  });

  test.each<Partial<ProviderStatement>>([
    { row: "another" },
    { provider: "openai" },
    { kind: "usage" },
    { to: "2026-12-01" },
  ])("that differ in %j are two", async (difference) => {
    const store = setup();
    await store.put(aStatement());
    await store.put(aStatement(difference));

    expect(await store.readBetween("2026-11-20", "2026-11-21")).toHaveLength(2);
  });

  test("that may not be durable are an error to try again after", async () => {
    const failing = dynamoDbDouble(async () => {
      throw new Error("throttled");
    });

    const put = dynamoDbProviderStatements(failing, "Ledger", identityHash).put(aStatement());

    await expect(put).rejects.toBeInstanceOf(LedgerUnavailableError);
  });
});
