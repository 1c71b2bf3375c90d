import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alertFromJson, alertToJson } from "../../../shared/alerts/alert-codec.ts";
import { aFollowUp, anEvidence, aSessionAlert, aWindowAlert } from "../../support/alerts.ts";

const WAITING = aWindowAlert({
  evidence: anEvidence({ openAlert: { id: "week-1", from: "2026-09-07", isFrozen: true } }),
});

describe("alertToJson and alertFromJson", () => {
  test.each([aWindowAlert(), aSessionAlert(), aFollowUp("resolved"), aFollowUp("raised"), WAITING])(
    "read back what was written",
    (alert) => {
      expect(alertFromJson(alertToJson(alert))).toEqual(alert);
    },
  );

  test("money is decimal text, so that no reader rounds it", () => {
    const stored: unknown = JSON.parse(alertToJson(aWindowAlert()));

    expect(stored).toMatchObject({ evidence: { costNanoUsd: "412503999000" } });
  });

  test("hold any amount and any text", () => {
    const amount = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

    fc.assert(
      fc.property(amount, fc.string({ unit: "binary" }), (costNanoUsd, session) => {
        const alert = aWindowAlert({
          evidence: anEvidence({ costNanoUsd, topSessions: [{ session, costNanoUsd }] }),
        });
        expect(alertFromJson(alertToJson(alert))).toEqual(alert);
      }),
    );
  });

  test("a field that a newer release added is ignored, so that both can run during a deployment", () => {
    const stored = alertToJson(aWindowAlert()).replace("{", '{"severity":"high",');

    expect(alertFromJson(stored)).toEqual(aWindowAlert());
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "%d is refused when written, because JSON makes null of it and the alert could not be sent",
    (p) => {
      expect(() => alertToJson(aWindowAlert({ evidence: anEvidence({ p }) }))).toThrow(
        /p of an alert must be a finite number/,
      );
    },
  );

  test.each(["", "{", "null", "[]", '{"id":"x"}'])("%j is not an alert", (text) => {
    expect(() => alertFromJson(text)).toThrow();
  });

  test("an amount in scientific notation is refused, not read as something else", () => {
    const stored = alertToJson(aWindowAlert()).replace("412503999000", "4.1e11");

    expect(() => alertFromJson(stored)).toThrow(/whole number of nano-USD/);
  });
});
