import { describe, expect, test } from "vitest";
import { isSecretOf } from "../../../functions/adapters/secret-hash.ts";
import { keysCommand } from "../../../infra/cli/keys-command.ts";
import { parseSenderKey } from "../../../shared/directory/sender-key.ts";
import { inMemorySenderKeys } from "../../support/in-memory-sender-keys.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);

function setup() {
  const keys = inMemorySenderKeys();
  const connections: boolean[] = [];
  let made = 0;
  const run = async (...args: readonly string[]) => {
    const terminal = recordedTerminal();
    await keysCommand(args, {
      ...terminal,
      connect: (deployed) => {
        connections.push(deployed);
        return {
          keys,
          pseudonyms: async () => (subject) => `pseudonym of ${subject}`,
          apiUrl: "http://127.0.0.1:4000",
        };
      },
      randomHex: (bytes) => {
        made += 1;
        return String(made)
          .repeat(bytes * 2)
          .slice(0, bytes * 2);
      },
      nowMs: () => NOW_MS,
    });
    return terminal;
  };
  return { connections, keys, run };
}

describe("keys create", () => {
  test("prints the key alone to stdout, and stores only its hash", async () => {
    const { keys, run } = setup();

    const { printed } = await run("create", "--source", "claude-code");

    const key = parseSenderKey(printed.join("\n"));
    const [stored] = await keys.list();
    expect(key).toMatchObject({ kind: "key", keyId: stored?.keyId });
    expect(isSecretOf(stored?.secretHash ?? "", key.kind === "key" ? key.secret : "")).toBe(true);
    expect(stored).toEqual({
      keyId: expect.any(String),
      secretHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: "claude-code",
      createdAtMs: NOW_MS,
    });
  });

  test("binds a key to a person by pseudonym, in the spelling that their usage has", async () => {
    const { keys, run } = setup();

    await run("create", "--source", "litellm", "--user", "User-017@Example.com");

    expect(await keys.list()).toMatchObject([{ user: "pseudonym of user-017@example.com" }]);
  });

  test.each([
    [["create"], /--source is missing/],
    [["create", "--source", "claude"], /there is no source claude/],
    [["create", "--source", "any", "--user", "user 17"], /--user must be/],
    [["create", "--source", "any", "spare"], /Usage/],
    [["create", "--colour", "red"], /colour[\s\S]*Usage/],
  ])("%j creates nothing and says what is wrong", async (args, message) => {
    const { connections, keys, run } = setup();

    await expect(run(...args)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
    expect(await keys.list()).toEqual([]);
    expect(connections).toEqual([]);
  });
});

describe("keys list", () => {
  test("shows keys in order of creation, and no hash", async () => {
    const { keys, run } = setup();
    const secretHash = "ab".repeat(32);
    await keys.create({ keyId: "second", secretHash, source: "any", createdAtMs: 60_000 });
    await keys.create({ keyId: "first", secretHash, source: "kiro", user: "p17", createdAtMs: 0 });
    await keys.revoke("second", NOW_MS);

    expect((await run("list")).printed).toEqual([
      "KEY ID  SOURCE  BOUND TO  CREATED            STATE",
      "first   kiro    p17       1970-01-01T00:00Z  active",
      "second  any     -         1970-01-01T00:01Z  revoked 2026-11-22T12:00Z",
    ]);
  });

  test("without keys says how to make one", async () => {
    expect((await setup().run("list")).remarks.join()).toContain("keys -- create");
  });
});

describe("keys revoke", () => {
  test("revokes the key, and says when that holds", async () => {
    const { keys, run } = setup();
    await keys.create({ keyId: "k1", secretHash: "", source: "any", createdAtMs: 0 });

    const { printed } = await run("revoke", "k1");

    expect(printed.join()).toContain("Within a minute");
    expect(await keys.find("k1")).toMatchObject({ revokedAtMs: NOW_MS });
  });

  test("a key that there is not is an error, or a typo would pass for a revocation", async () => {
    await expect(setup().run("revoke", "k1")).rejects.toThrow("there is no key k1");
  });

  test("without a key id shows the usage", async () => {
    await expect(setup().run("revoke")).rejects.toThrow("Usage");
  });
});

test("only --deployed goes to the stack in AWS", async () => {
  const { connections, run } = setup();

  await run("list");
  await run("list", "--deployed");

  expect(connections).toEqual([false, true]);
});

test.each([[[]], [["destroy"]]])("%j shows the usage", async (args) => {
  await expect(setup().run(...args)).rejects.toThrow("Usage");
});
