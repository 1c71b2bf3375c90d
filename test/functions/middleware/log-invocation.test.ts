import middy from "@middy/core";
import { expect, test, vi } from "vitest";
import { addToInvocationLog, logInvocation } from "../../../functions/middleware/log-invocation.ts";
import { aContext } from "../../support/api-gateway-events.ts";

test("writes one line with what the handler counted and how long it took", async () => {
  const logged = vi.spyOn(console, "info").mockReturnValue();
  const times = [1000, 1042];
  const handler = middy<object, string>()
    .use(logInvocation(() => times.shift() ?? 0))
    .handler(async (event: object) => {
      addToInvocationLog(event, { received: 2 });
      addToInvocationLog(event, { keyId: "k1" });
      return "done";
    });

  await handler({}, aContext());

  expect(logged.mock.calls).toEqual([
    [{ outcome: "ok", durationMs: 42, received: 2, keyId: "k1" }],
  ]);
});

test("says why an invocation failed, and lets it fail", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const handler = middy<object, string>()
    .use(logInvocation())
    .handler(async () => {
      throw new RangeError("out of shards");
    });

  await expect(handler({}, aContext())).rejects.toThrow("out of shards");

  expect(logged.mock.calls).toMatchObject([
    [{ outcome: "error", error: { name: "RangeError", message: "out of shards" } }],
  ]);
});
