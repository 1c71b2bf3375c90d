import { describe, expect, test } from "vitest";
import { whatIfSettings } from "../../../infra/backtest/what-if-settings.ts";
import { CommandError } from "../../../infra/cli/command-line.ts";
import { someSettings } from "../../support/settings.ts";

const CONFIGURED = someSettings({ scoring: { minSpendUsd: 40 } });

describe("other settings", () => {
  test("are those of the file, and the configured ones for the rest", () => {
    const settings = whatIfSettings('{"scoring":{"minExcessUsd":5}}', "loose.json", CONFIGURED);

    expect(settings).toEqual({
      ...CONFIGURED,
      scoring: { ...CONFIGURED.scoring, minExcessUsd: 5 },
    });
  });

  test.each([
    ['{"scoring":{"minSpendUsd":"much"}}', "loose.json: scoring.minSpendUsd: "],
    ['{"scoring":{"minSpend":5}}', "loose.json: scoring.minSpend: is not a known field"],
    ['{"prices":{}}', "loose.json: prices: is not a known field"],
    ["scoring", "loose.json: (file): "],
    ["[]", "loose.json: (file): "],
  ])("%s is refused with the path of the fault", (text, message) => {
    expect(() => whatIfSettings(text, "loose.json", CONFIGURED)).toThrow(CommandError);
    expect(() => whatIfSettings(text, "loose.json", CONFIGURED)).toThrow(message);
  });
});
