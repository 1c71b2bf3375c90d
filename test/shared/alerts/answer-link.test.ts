import { expect, test } from "vitest";
import { linkedAnswer } from "../../../shared/alerts/answer-link.ts";
import { aFollowUp, aTeamAlert, aWindowAlert } from "../../support/alerts.ts";

const SENT_MS = Date.parse("2026-10-15T23:59:59Z");

test("a link allows its alert, for thirty days after the one on which it was sent", () => {
  expect(linkedAnswer(aTeamAlert(), SENT_MS)).toEqual({
    id: "team-week-team-checkout-2026-10-12",
    decided: "2026-10-12",
    lastDay: "2026-11-14",
    owner: "owner-shop",
  });
});

test("a raised alert is answered under the id and the day that it was told under first", () => {
  expect(linkedAnswer(aFollowUp("raised"), SENT_MS)).toEqual(linkedAnswer(aWindowAlert(), SENT_MS));
});

test("a resolved alert has no link, as its message asks for nothing", () => {
  expect(linkedAnswer(aFollowUp("resolved"), SENT_MS)).toBeUndefined();
});
