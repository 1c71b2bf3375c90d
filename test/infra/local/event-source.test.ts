import { describe, expect, test } from "vitest";
import { pollingLoop } from "../../../infra/local/event-source.ts";

describe("pollingLoop", () => {
  test("told to stop while it waits after a failure, it stops, which is no failure", async () => {
    const errors: unknown[] = [];
    const failed = Promise.withResolvers<void>();
    const loop = pollingLoop(
      async () => {
        throw new Error("out of reach");
      },
      (error) => {
        errors.push(error);
        failed.resolve();
      },
    );
    loop.start();
    await failed.promise;

    await expect(loop.stop()).resolves.toBeUndefined();
    expect(errors).toHaveLength(1);
  });
});
