import { describe, expect, test } from "vitest";
import { settingsOf } from "../../../infra/config/function-settings.ts";
import { Settings } from "../../../shared/directory/settings.ts";
import { aConfiguration } from "../../support/outpace-template.ts";

describe("settingsOf", () => {
  test("the functions can read what they are given", () => {
    const useCases = [{ id: "claims-triage", owner: "search-owner", weight: 3, unit: "a claim" }];
    const settings = settingsOf(aConfiguration({ useCases }));

    expect(settings.useCases).toEqual(useCases);

    expect(Settings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });
});
