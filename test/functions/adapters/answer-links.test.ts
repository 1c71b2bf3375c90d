import { createHmac } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { answerLinks, readToken, signedToken } from "../../../functions/adapters/answer-links.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const SECRET = "k".repeat(64);
const URL = "https://api.example.com/v1/alerts/";
const NOW_MS = Date.parse("2026-10-12T05:10:00Z");
const LINK = {
  id: "week-user-017-2026-10-12",
  decided: "2026-10-12",
  lastDay: "2026-11-11",
  owner: "owner-shop",
};
/** `week-user-017-2026-10-12`, two days, and `owner-shop`. */
const PAYLOAD = "d2Vlay11c2VyLTAxNy0yMDI2LTEwLTEy.20261012.20261111.b3duZXItc2hvcA";
const END_MS = Date.parse("2026-11-12T00:00:00Z");

function signature(text: string, secret = SECRET): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

describe("signedToken", () => {
  test("is the alert, two days, its owner, and the signature over all of it, for this purpose alone", () => {
    const token = signedToken(LINK, SECRET);

    expect(token).toBe(`${PAYLOAD}.${signature(`outpace answer link 2\n${PAYLOAD}`)}`);
    expect(token).not.toContain(signature(PAYLOAD));
  });
});

describe("readToken", () => {
  test("gives back what was signed, until the last instant of its last day", () => {
    const token = signedToken(LINK, SECRET);

    expect(readToken(token, [SECRET], NOW_MS)).toEqual({ kind: "allowed", link: LINK });
    expect(readToken(token, [SECRET], END_MS - 1)).toEqual({ kind: "allowed", link: LINK });
    expect(readToken(token, [SECRET], END_MS)).toEqual({ kind: "expired" });
  });

  test("takes any secret in force, so that one can be replaced without ending links", () => {
    const token = signedToken(LINK, SECRET);

    expect(readToken(token, ["newer", SECRET], NOW_MS).kind).toBe("allowed");
    expect(readToken(token, ["newer"], NOW_MS).kind).toBe("unknown");
    expect(readToken(token, [], NOW_MS).kind).toBe("unknown");
  });

  test.each([
    ["nothing", ""],
    ["no signature", PAYLOAD],
    ["an empty signature", `${PAYLOAD}.`],
    ["a signature that is cut off", signedToken(LINK, SECRET).slice(0, -2)],
    ["a signature in capitals", signedToken(LINK, SECRET).toUpperCase()],
    ["a signature over the bare payload", `${PAYLOAD}.${signature(PAYLOAD)}`],
    ["another alert", signedToken(LINK, SECRET).replace("d2V", "d2W")],
    ["another owner", signedToken(LINK, SECRET).replace("b3du", "b3dv")],
    ["a later day", signedToken(LINK, SECRET).replace("20261111", "20271111")],
    ["the days moved into the id", signedToken(LINK, SECRET).replace(".2026", "_2026")],
    ["a line break at the end", `${signedToken(LINK, SECRET)}\n`],
    ["a text before it", `x${signedToken(LINK, SECRET)}`],
    ["what a forger signs", signedToken(LINK, "guessed")],
  ])("lets nothing pass that we did not sign: %s", (_, token) => {
    expect(readToken(token, [SECRET], NOW_MS)).toEqual({ kind: "unknown" });
  });

  test("a forged link that is over looks like any other forged link", () => {
    expect(readToken(signedToken(LINK, "guessed"), [SECRET], END_MS)).toEqual({ kind: "unknown" });
  });
});

describe("answerLinks", () => {
  const failures = vi.fn();
  const linkTo = (secretText: () => Promise<string>) =>
    answerLinks(URL, secretText, () => NOW_MS, failures);

  test("an alert's link works for thirty days from when it is sent", async () => {
    const link = await linkTo(() => Promise.resolve(SECRET))(aWindowAlert());

    expect(link).toEqual({ url: `${URL}${signedToken(LINK, SECRET)}`, lastDay: "2026-11-11" });
  });

  test("the first of two secrets signs", async () => {
    const link = await linkTo(() => Promise.resolve(`${SECRET}\nolder\n`))(aWindowAlert());

    expect(link?.url).toBe(`${URL}${signedToken(LINK, SECRET)}`);
  });

  test("a raised alert is answered where it was told first; a resolved one asks for nothing", async () => {
    const to = linkTo(() => Promise.resolve(SECRET));

    expect(await to(aFollowUp("raised"))).toEqual(await to(aWindowAlert()));
    expect(await to(aFollowUp("resolved"))).toBeUndefined();
  });

  test("a secret that cannot be read costs the link, not the alert, and operators learn of it", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();

    const link = await linkTo(() => Promise.reject(new Error("no secret")))(aWindowAlert());

    expect(link).toBeUndefined();
    expect(failures).toHaveBeenCalledExactlyOnceWith({ AnswersFailed: 1 });
    expect(log).toHaveBeenCalledWith(
      expect.objectContaining({ alertId: "week-user-017-2026-10-12" }),
    );
  });
});
