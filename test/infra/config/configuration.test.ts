import { describe, expect, test } from "vitest";
import {
  type ConfigurationFile,
  InvalidConfigurationError,
  parseConfiguration,
} from "../../../infra/config/configuration.ts";
import { aConfiguration, aConfigurationFile } from "../../support/outpace-template.ts";

const SLACK = { workspaceId: "T0123456789", channelId: "C0123456789" };

function faultsOf(overrides: object): readonly string[] {
  try {
    parseConfiguration({ ...aConfigurationFile(), ...overrides }, "outpace.config.ts");
  } catch (error) {
    if (error instanceof InvalidConfigurationError) {
      return error.faults;
    }
    throw error;
  }
  return [];
}

describe("parseConfiguration", () => {
  test("what is left out has a default that keeps data", () => {
    expect(aConfiguration()).toMatchObject({
      stackName: "Outpace",
      removalPolicy: "retain",
      retention: { logDays: 30, dropDays: 30, reportDays: 2557 },
      schedules: {
        scoring: "0 3 * * ? *",
        monthToDateReport: "0 5 * * ? *",
        previousMonthReport: "0 6 2 * ? *",
      },
      teams: [{ useCase: "feature-work", deliveryUnit: "shipped-change" }, {}],
    });
  });

  test.each<[string, object, string]>([
    [
      "a team's owner must exist",
      { teams: [{ id: "team-search", owner: "serach-owner", costCenter: "CC-1" }] },
      'teams[0].owner: no owner has the id "serach-owner"; there are: checkout-owner, search-owner',
    ],
    [
      "the teams whose members have seats must exist",
      {
        prices: {
          seats: [
            {
              kind: "members",
              tool: "copilot",
              pricePerMonth: "19",
              from: "2026-10-01",
              teams: ["team-checkout", "team-serach"],
            },
          ],
        },
      },
      'prices.seats[0].teams[1]: no team has the id "team-serach"; there are: team-checkout, team-search',
    ],
    [
      "the team that pays for a number of seats must exist",
      {
        prices: {
          seats: [
            {
              kind: "count",
              tool: "copilot",
              pricePerMonth: "19",
              from: "2026-10-01",
              team: "team-serach",
              seats: 5,
            },
          ],
        },
      },
      'prices.seats[0].team: no team has the id "team-serach"; there are: team-checkout, team-search',
    ],
    [
      "the fallback owner must exist",
      { fallbackOwner: "nobody" },
      'fallbackOwner: no owner has the id "nobody"; there are: checkout-owner, search-owner',
    ],
    [
      "two collectors cannot have one id",
      {
        collectors: [
          { id: "costs", source: "anthropic-costs" },
          { id: "costs", source: "openai-costs" },
        ],
      },
      'collectors[1].id: another collector has the id "costs"',
    ],
    [
      "two reports cannot both book what people spent with Claude Code",
      {
        collectors: [
          { id: "report", source: "anthropic-claude-code" },
          { id: "analytics", source: "anthropic-analytics" },
        ],
      },
      'collectors: anthropic-claude-code and anthropic-analytics both report what Claude Code cost: give the second leaveOut: ["claude_code"]',
    ],
    [
      "collectors have to fit into the environment of their function",
      {
        collectors: Array.from({ length: 12 }, (_, n) => ({
          id: `collector-of-a-long-name-${n}`,
          source: "copilot-users",
          organization: "an-organisation-of-a-long-name",
          baseUrl: "https://github-enterprise.a-company-of-a-long-name.example/api/v3",
        })),
      },
      "collectors: the collectors take 4419 bytes of a function's environment, which has room for 3528; use fewer of them",
    ],
    [
      "two teams cannot have one id",
      {
        teams: [
          { id: "team-search", owner: "search-owner", costCenter: "CC-1" },
          { id: "team-search", owner: "search-owner", costCenter: "CC-2" },
        ],
      },
      'teams[1].id: another team has the id "team-search"',
    ],
    [
      "two use cases cannot have one id",
      { useCases: [{ id: "claims-triage" }, { id: "claims-triage", weight: 3 }] },
      'useCases[1].id: another use case has the id "claims-triage"',
    ],
    [
      "the owner of a use case must exist",
      { useCases: [{ id: "claims-triage", owner: "serach-owner" }] },
      'useCases[0].owner: no owner has the id "serach-owner"; there are: checkout-owner, search-owner',
    ],
    [
      "two owners cannot have one id",
      {
        owners: [
          { id: "search-owner", email: "one@example.com" },
          { id: "search-owner", email: "two@example.com" },
        ],
        teams: [{ id: "team-search", owner: "search-owner", costCenter: "CC-1" }],
      },
      'owners[1].id: another owner has the id "search-owner"',
    ],
    [
      "two owners cannot share an address, as SNS keeps one filter for it",
      {
        owners: [
          { id: "checkout-owner", email: "shared@example.com" },
          { id: "search-owner", email: "Shared@example.com" },
        ],
      },
      'owners[1].email: make them one owner, or use a second address: another owner has "shared@example.com"',
    ],
    [
      "an operations address is said once",
      { operationsEmails: ["operations@example.com", "operations@example.com"] },
      'operationsEmails[1]: said twice: "operations@example.com"',
    ],
    [
      "a Slack workspace is told apart from its name",
      {
        owners: [
          { id: "checkout-owner", email: "checkout-owner@example.com" },
          {
            id: "search-owner",
            email: "search-owner@example.com",
            slack: { ...SLACK, workspaceId: "acme" },
          },
        ],
      },
      "owners[1].slack.workspaceId: must be a Slack workspace id, such as T0123456789",
    ],
    [
      "a cron expression of crontab, with five fields, is not one of Scheduler",
      { schedules: { scoring: "0 3 * * *" } },
      'schedules.scoring: must be the six fields of a cron expression, such as "0 3 * * ? *": minute, hour, day of month, month, day of week, year',
    ],
    [
      "a field that nobody knows is not passed over",
      { fallbackowner: "search-owner" },
      "fallbackowner: is not a known field",
    ],
    [
      "an account id is text, or its leading zeros are lost",
      { account: "1234" },
      "account: must be the twelve digits of an AWS account id, as text",
    ],
    [
      "a region is not a city",
      { region: "Frankfurt" },
      "region: must be an AWS Region, such as eu-central-1",
    ],
  ])("%s", (_, overrides, fault) => {
    expect(faultsOf(overrides)).toEqual([fault]);
  });

  test("the ids that there are do not name one twice that is said twice", () => {
    const owner = { id: "search-owner", email: "search-owner@example.com" };

    const faults = faultsOf({
      owners: [owner, { ...owner, email: "checkout-owner@example.com" }],
      teams: [{ id: "team-search", owner: "checkout-owner", costCenter: "CC-1" }],
      fallbackOwner: "search-owner",
    });

    expect(faults).toEqual([
      'owners[1].id: another owner has the id "search-owner"',
      'teams[0].owner: no owner has the id "checkout-owner"; there are: search-owner',
    ]);
  });

  test.each([0, -1, 0.009, 10.5, "3", Number.NaN, Number.POSITIVE_INFINITY])(
    "a use case cannot weigh %s",
    (weight) => {
      expect(faultsOf({ useCases: [{ id: "claims-triage", weight }] })).toEqual([
        "useCases[0].weight: must be a number from 0.01 to 10",
      ]);
    },
  );

  test("logs are kept for a period that CloudWatch knows", () => {
    expect(faultsOf({ retention: { logDays: 31 } })[0]).toMatch(/^retention\.logDays: /);
  });

  test("owners may share a Slack channel", () => {
    const owners = ["checkout-owner", "search-owner"].map((id) => ({
      id,
      email: `${id}@example.com`,
      slack: SLACK,
    }));

    expect(faultsOf({ owners })).toEqual([]);
  });

  test("more teams than fit in a function's environment are refused here, not by Lambda", () => {
    const teams = Array.from({ length: 60 }, (_, i) => ({
      id: `team-${i}`,
      owner: "search-owner",
      costCenter: `CC-${i}`,
    }));

    expect(faultsOf({ teams })[0]).toMatch(
      /^teams: owners, teams, use cases and the other settings take \d+ bytes/,
    );
  });

  test("more use cases than fit there are refused too", () => {
    const useCases = Array.from({ length: 120 }, (_, i) => ({ id: `use-case-${i}`, weight: 2 }));

    expect(faultsOf({ useCases })[0]).toMatch(
      /^useCases: owners, teams, use cases and the other settings take \d+ bytes/,
    );
  });

  test("the message has a line for each fault, under the name of the file", () => {
    const file: Partial<ConfigurationFile> = { fallbackOwner: "nobody", operationsEmails: ["x"] };

    expect(() => parseConfiguration({ ...aConfigurationFile(), ...file }, "my.config.ts")).toThrow(
      /^my\.config\.ts is not a valid configuration:\n- operationsEmails\[0\]: /,
    );
  });
});
