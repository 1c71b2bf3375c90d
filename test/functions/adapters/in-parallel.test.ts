import { describe, expect, test } from "vitest";
import { inParallel } from "../../../functions/adapters/in-parallel.ts";

const items = Array.from({ length: 20 }, (_, n) => n);

describe("inParallel", () => {
  test("answers in order of the input, with no more calls under way than allowed", async () => {
    let underWay = 0;
    let most = 0;

    const results = await inParallel(items, 4, async (n) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, (20 - n) % 5));
      underWay -= 1;
      return n * 2;
    });

    expect(results).toEqual(items.map((n) => n * 2));
    expect(most).toBe(4);
  });

  test("starts nothing after an error, waits for what is under way, and throws the first error", async () => {
    const ended: number[] = [];

    const run = inParallel(items, 2, async (n) => {
      await new Promise((resolve) => setTimeout(resolve, n === 1 ? 1 : 5));
      if (n === 1) {
        throw new Error("the second failed");
      }
      ended.push(n);
    });

    await expect(run).rejects.toThrow("the second failed");
    expect(ended).toEqual([0]);
  });

  test("answers nothing for nothing", async () => {
    expect(await inParallel([], 4, async () => 1)).toEqual([]);
  });
});
