import { describe, expect, test } from "vitest";
import { FUZZ_TARGETS } from "../fuzz/fuzz-targets.ts";
import { fuzzText } from "../fuzz/fuzz-text.ts";
import { runFuzz } from "../fuzz/run-fuzz.ts";

describe("5,000 spoilt bodies, over every parser at the door", () => {
  test("crash nothing, are answered below 500 with a reason, are not half written, and are never quoted", async () => {
    const report = await runFuzz({ targets: FUZZ_TARGETS, bodies: 5_000, seed: 20_261_126 });

    expect(report.failures, fuzzText(report)).toEqual([]);
  }, 300_000);

  test.each(FUZZ_TARGETS)(
    "$name takes some of them, so that what lies behind the syntax is met",
    async (target) => {
      const { targets } = await runFuzz({ targets: [target], bodies: 60, seed: 7 });

      const answers = [...(targets[0]?.answers.keys() ?? [])];
      expect(answers.some((answer) => answer === "200" || answer.startsWith("taken"))).toBe(true);
    },
    60_000,
  );
});

describe("runFuzz", () => {
  test("sees a parser that crashes, and says with which body it does so again", async () => {
    const target = {
      name: "fragile",
      seeds: () => [{ name: "one", spoil: () => Buffer.from("{}") }],
      open: () => ({
        feed: async () => {
          throw new TypeError("cannot read properties of undefined");
        },
      }),
    };

    const { failures } = await runFuzz({ targets: [target], bodies: 1, seed: 1 });

    expect(failures).toMatchObject([
      { target: "fragile", body: 0, faults: [expect.stringContaining("TypeError"), "log: "] },
    ]);
  });
});
