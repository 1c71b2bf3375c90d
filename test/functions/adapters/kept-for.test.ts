import { describe, expect, test } from "vitest";
import { keptFor } from "../../../functions/adapters/kept-for.ts";

function setup() {
  const state: { nowMs: number; loads: number; isDown: boolean } = {
    nowMs: 0,
    loads: 0,
    isDown: false,
  };
  const read = keptFor(
    1000,
    async () => {
      state.loads += 1;
      if (state.isDown) {
        throw new Error("throttled");
      }
      return state.loads;
    },
    () => state.nowMs,
  );
  return { state, read };
}

describe("keptFor", () => {
  test("loads once while the value is fresh, and again after", async () => {
    const { state, read } = setup();

    expect([await read(), await read()]).toEqual([1, 1]);
    state.nowMs = 1000;
    expect(await read()).toBe(2);
  });

  test("does not keep a failure", async () => {
    const { state, read } = setup();
    state.isDown = true;
    await expect(read()).rejects.toThrow("throttled");

    state.isDown = false;
    expect(await read()).toBe(2);
  });
});
