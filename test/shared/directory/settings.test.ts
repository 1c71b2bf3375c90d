import { describe, expect, test } from "vitest";
import { Settings } from "../../../shared/directory/settings.ts";
import { someSettings } from "../../support/settings.ts";

const KIRO = { tool: "kiro", grain: "day", from: "2020-01-01" };

describe("Settings: authorities", () => {
  test("Kiro bills by the day, and its requests may name no cost: its day counts", () => {
    expect(someSettings().authorities).toEqual([KIRO]);
  });

  test("a rule for another tool leaves that as it is", () => {
    const rule = { tool: "cursor", grain: "day", from: "2026-11-01" };

    expect(someSettings({ authorities: [rule] }).authorities).toEqual([rule, KIRO]);
  });

  test("a rule for Kiro takes its place", () => {
    const rule = { tool: "kiro", grain: "request", from: "2026-11-01" };

    expect(someSettings({ authorities: [rule] }).authorities).toEqual([rule]);
  });

  test("what is passed on is read as the same", () => {
    const settings = someSettings();

    expect(Settings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });
});

describe("Settings: use cases", () => {
  test("none is registered unless said, and one without a weight is worth a unit", () => {
    expect(someSettings().useCases).toEqual([]);
    expect(someSettings({ useCases: [{ id: "claims-triage" }] }).useCases).toEqual([
      { id: "claims-triage", weight: 1 },
    ]);
  });
});
