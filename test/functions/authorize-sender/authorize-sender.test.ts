import { describe, expect, test, vi } from "vitest";
import { secretHash } from "../../../functions/adapters/secret-hash.ts";
import { authorizeSenderHandler } from "../../../functions/authorize-sender/authorize-sender.ts";
import { formatSenderKey } from "../../../shared/directory/sender-key.ts";
import type { SenderKey } from "../../../shared/ports/sender-keys.ts";
import { inMemorySenderKeys } from "../../support/in-memory-sender-keys.ts";

const KEY_ID = "k7m2p9q4r1s5";
const SECRET = "0123456789abcdef".repeat(4);
const KEY = formatSenderKey({ keyId: KEY_ID, secret: SECRET });

const REFUSED = { isAuthorized: false, context: {} };

function setup(overrides: Partial<SenderKey> = {}) {
  const keys = inMemorySenderKeys({
    keyId: KEY_ID,
    secretHash: secretHash(SECRET),
    source: "claude-code",
    createdAtMs: 0,
    ...overrides,
  });
  const clock = { nowMs: 1_000 };
  const authorize = authorizeSenderHandler({ keys, nowMs: () => clock.nowMs });
  return {
    keys,
    clock,
    authorize,
    send: (authorization: string) =>
      authorize({ headers: { authorization }, identitySource: [authorization] }),
  };
}

describe("authorizeSenderHandler", () => {
  test.each([`Bearer ${KEY}`, `bearer  ${KEY}`, KEY])("lets a known key in: %j", async (header) => {
    expect(await setup().send(header)).toEqual({
      isAuthorized: true,
      context: { keyId: KEY_ID, source: "claude-code" },
    });
  });

  test("says whom a bound key belongs to, so that no client can name another person", async () => {
    expect(await setup({ user: "pseudonym-of-user-017" }).send(KEY)).toMatchObject({
      context: { user: "pseudonym-of-user-017" },
    });
  });

  test.each([
    ["nothing", ""],
    ["another scheme", `Basic ${KEY}`],
    ["a mistyped key", `${KEY.slice(0, -1)}${KEY.endsWith("0") ? "1" : "0"}`],
    ["an unknown key", formatSenderKey({ keyId: "unknown00000", secret: SECRET })],
    ["a wrong secret", formatSenderKey({ keyId: KEY_ID, secret: "f".repeat(64) })],
  ])("refuses %s", async (_, header) => {
    expect(await setup().send(header)).toEqual(REFUSED);
  });

  test("refuses a key from the moment that it is revoked", async () => {
    const { keys, send } = setup();

    await keys.revoke(KEY_ID, 1);

    expect(await send(KEY)).toEqual(REFUSED);
  });

  test("a stored hash that is damaged lets no one in", async () => {
    expect(await setup({ secretHash: "" }).send(KEY)).toEqual(REFUSED);
    expect(await setup({ secretHash: secretHash(SECRET).slice(2) }).send(KEY)).toEqual(REFUSED);
  });

  test("while the store is down a sender is told to wait, because a 500 would make it drop its data", async () => {
    const { keys, send } = setup();

    keys.breakDown();

    expect(await send(KEY)).toEqual({ isAuthorized: true, context: { unavailable: "true" } });
  });

  test("while the store is down a key that was good stays good, for ten minutes: nobody waits for a hiccup", async () => {
    const { keys, clock, send } = setup();
    await send(KEY);

    keys.breakDown();

    clock.nowMs += 10 * 60_000;
    expect(await send(KEY)).toMatchObject({ context: { keyId: KEY_ID } });
    clock.nowMs += 1;
    expect(await send(KEY)).toMatchObject({ context: { unavailable: "true" } });
  });

  test("a key that is known to be revoked stays revoked while the store is down", async () => {
    const { keys, send } = setup({ revokedAtMs: 1 });
    await send(KEY);

    keys.breakDown();

    expect(await send(KEY)).toEqual(REFUSED);
  });

  test("a store that gives no answer is down: an authoriser that runs out of time is a 500", async () => {
    vi.useFakeTimers();
    const authorize = authorizeSenderHandler({
      keys: { find: () => new Promise(() => undefined) },
      nowMs: () => 0,
    });

    const answer = authorize({ headers: { authorization: KEY } });
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();

    expect(await answer).toMatchObject({ context: { unavailable: "true" } });
  });

  test("the identity source will do where the header is not passed on", async () => {
    expect(await setup().authorize({ identitySource: [KEY] })).toMatchObject({
      isAuthorized: true,
    });
  });

  test.each([
    {},
    { headers: null, identitySource: null },
    { headers: { authorization: 1 } },
    undefined,
  ])("an event that holds no key is refused, not an error: %j", async (event) => {
    const authorize = authorizeSenderHandler({ keys: inMemorySenderKeys(), nowMs: () => 0 });

    expect(await authorize(event)).toEqual(REFUSED);
  });
});
