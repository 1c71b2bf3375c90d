import { describe, expect, test } from "vitest";
import { chatFailureText, operationsText } from "../../../shared/alerts/operations-text.ts";
import { aWindowAlert } from "../../support/alerts.ts";
import { HOSTILE_NAMES } from "../../support/hostile-names.ts";

describe("operationsText", () => {
  test("says what is in doubt, why, and what to do in either case", () => {
    expect(operationsText(aWindowAlert(), "TimeoutError: no answer for 5000 ms").text).toBe(
      `It is not known whether alert week-user-017-2026-10-12 (TOKENMAXXING) reached budget owner owner-shop.
Why: TimeoutError: no answer for 5000 ms

Outpace does not send it again by itself. Ask the owner whether it arrived.
In the insights table it is the item with pk OUTBOX and sk week-user-017-2026-10-12.
- If it did not arrive: remove the attributes claimedAtMs, claimToken and uncertainAtMs.
  The next sweep sends it, within 15 minutes.
- If it did: delete the item.
`,
    );
  });

  test("holds no spend, because operators are no budget owners", () => {
    expect(operationsText(aWindowAlert(), "x").text).not.toContain("$");
  });

  test.each(HOSTILE_NAMES)("%j forges no line", (name) => {
    const { text } = operationsText(aWindowAlert({ id: name, owner: name }), name);

    expect(text.split("\n")).toHaveLength(9);
  });
});

describe("chatFailureText", () => {
  test("says that the owner has the e-mail", () => {
    expect(chatFailureText(aWindowAlert(), "ThrottledException: slow down").text).toContain(
      "went to budget owner owner-shop by e-mail.",
    );
  });
});
