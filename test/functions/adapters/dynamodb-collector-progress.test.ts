import { describe, expect, test } from "vitest";
import { dynamoDbCollectorProgress } from "../../../functions/adapters/dynamodb-collector-progress.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { dynamoDbDouble } from "../../support/dynamodb-double.ts";

const PROGRESS = {
  readUntil: "2026-11-20",
  unfinished: {
    until: "2026-11-21",
    tasks: [{ step: "report", from: "2026-11-20", to: "2026-11-21", page: "p2" }],
  },
};

describe("the progress of collectors", () => {
  test("is nothing before the first run, and one collector's own after it", async () => {
    const store = dynamoDbCollectorProgress(dynamoDbDouble(), "Ledger");
    await store.write("a", { readUntil: "2026-11-19" });
    await store.write("a", PROGRESS);
    await store.write("ab", {});

    expect(await store.read("other")).toEqual({});
    expect(await store.read("a")).toEqual(PROGRESS);
    expect(await store.read("ab")).toEqual({});
  });

  test("that may not be durable is an error to try again after", async () => {
    const failing = dynamoDbDouble(async () => {
      throw new Error("throttled");
    });

    const write = dynamoDbCollectorProgress(failing, "Ledger").write("a", PROGRESS);

    await expect(write).rejects.toBeInstanceOf(LedgerUnavailableError);
  });
});
