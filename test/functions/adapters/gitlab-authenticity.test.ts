import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isFromGitlab } from "../../../functions/adapters/gitlab-authenticity.ts";

const NOW_MS = Date.parse("2026-11-22T12:00:00Z");
const BODY = Buffer.from('{"object_kind":"merge_request"}');
const SIGNING_TOKEN = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/** As GitLab signs: the key is what follows `whsec_`, decoded. */
function signed(
  { token = SIGNING_TOKEN, body = BODY, atMs = NOW_MS } = {},
  id = "f5e57ebe-07af-4bb5-9d6a-4e0c7b9a3b1e",
) {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = createHmac("sha256", Buffer.from(token.slice("whsec_".length), "base64"))
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

describe("isFromGitlab", () => {
  test("accepts the example that the Standard Webhooks specification gives", () => {
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const body = Buffer.from('{"test": 2432232314}');

    expect(isFromGitlab([secret], body, headers, 1_614_265_330_000)).toBe(true);
  });

  test("a secret token is compared as it is", () => {
    expect(isFromGitlab(["change-me"], BODY, { "x-gitlab-token": "change-me" }, NOW_MS)).toBe(true);
    expect(isFromGitlab(["old", "new"], BODY, { "x-gitlab-token": "new" }, NOW_MS)).toBe(true);
    for (const token of ["change-m", "change-mee", "", "CHANGE-ME"]) {
      expect(isFromGitlab(["change-me"], BODY, { "x-gitlab-token": token }, NOW_MS)).toBe(false);
    }
  });

  test("a delivery without either, or to a webhook without a secret, is nobody's", () => {
    expect(isFromGitlab(["change-me"], BODY, {}, NOW_MS)).toBe(false);
    expect(isFromGitlab([], BODY, { "x-gitlab-token": "" }, NOW_MS)).toBe(false);
    expect(isFromGitlab([], BODY, signed(), NOW_MS)).toBe(false);
  });

  test("a signing token is never taken for a secret token", () => {
    const headers = { "x-gitlab-token": SIGNING_TOKEN };

    expect(isFromGitlab([SIGNING_TOKEN], BODY, headers, NOW_MS)).toBe(false);
  });

  test("a signature is good for five minutes, against replays", () => {
    for (const [seconds, accepted] of [
      [-300, true],
      [300, true],
      [-301, false],
      [301, false],
    ] as const) {
      const headers = signed({ atMs: NOW_MS + seconds * 1000 });

      expect(isFromGitlab([SIGNING_TOKEN], BODY, headers, NOW_MS)).toBe(accepted);
    }
  });

  test("a bad signature is not made good by a good secret token", () => {
    const headers = { ...signed({ body: Buffer.from("{}") }), "x-gitlab-token": "change-me" };

    expect(isFromGitlab([SIGNING_TOKEN, "change-me"], BODY, headers, NOW_MS)).toBe(false);
  });

  test("body, id and time are all signed", () => {
    const good = signed();

    expect(isFromGitlab([SIGNING_TOKEN], BODY, good, NOW_MS)).toBe(true);
    expect(isFromGitlab([SIGNING_TOKEN], Buffer.from("{}"), good, NOW_MS)).toBe(false);
    expect(isFromGitlab([SIGNING_TOKEN], BODY, { ...good, "webhook-id": "x" }, NOW_MS)).toBe(false);
    const later = String(NOW_MS / 1000 + 1);
    expect(
      isFromGitlab([SIGNING_TOKEN], BODY, { ...good, "webhook-timestamp": later }, NOW_MS),
    ).toBe(false);
  });

  test("of several signatures one has to fit, so that a token can be replaced", () => {
    const good = signed();
    const headers = {
      ...good,
      "webhook-signature": `v1a,AAAA v1,AAAA ${good["webhook-signature"]}`,
    };

    expect(isFromGitlab([SIGNING_TOKEN], BODY, headers, NOW_MS)).toBe(true);
  });

  test("until the signing token is known here, the secret token decides", () => {
    const headers = { ...signed(), "x-gitlab-token": "change-me" };

    expect(isFromGitlab(["change-me"], BODY, headers, NOW_MS)).toBe(true);
  });
});
