import { describe, expect, test } from "vitest";
import { type ConfigurationFile, parseConfiguration } from "../../../infra/config/configuration.ts";
import {
  aConfigurationFile,
  functionsOf,
  type Properties,
  templateOf,
} from "../../support/outpace-template.ts";

/** What Lambda allows for the names and values of all variables of a function, in bytes. */
const LAMBDA_LIMIT = 4_096;
const REGION = "ap-southeast-1";
const SUFFIX = "ABCDEFGHIJKL";

/** The longest that CloudFormation makes of what a variable refers to. */
function physicalName(stackName: string, type: string, id: string): string {
  const name = `${stackName}-${id}-${SUFFIX}`;
  switch (type) {
    case "AWS::SNS::Topic":
      return `arn:aws:sns:${REGION}:111122223333:${name}`;
    case "AWS::SecretsManager::Secret":
      return `arn:aws:secretsmanager:${REGION}:111122223333:secret:${id}-${SUFFIX}-ABCDEF`;
    case "AWS::ApiGatewayV2::Api":
      return `https://abcdefghij.execute-api.${REGION}.amazonaws.com`;
    default:
      return name;
  }
}

function environmentBytes(overrides: Partial<ConfigurationFile>): ReadonlyMap<string, number> {
  const template = templateOf(overrides);
  const resources: Record<string, Properties> = template.toJSON()["Resources"];
  const { stackName = "Outpace" } = overrides;
  const textOf = (value: unknown): string => {
    if (typeof value === "string") {
      return value;
    }
    const reference = Object(value);
    const joined: readonly unknown[] | undefined = reference["Fn::Join"]?.[1];
    const id: string = reference["Ref"] ?? reference["Fn::GetAtt"]?.[0] ?? "";
    return joined === undefined
      ? physicalName(stackName, resources[id]?.["Type"] ?? "", id)
      : joined.map(textOf).join("");
  };
  return new Map(
    [...functionsOf(template)].map(([name, { properties }]) => [
      name,
      Object.entries(properties["Environment"]?.Variables ?? {})
        .map(([variable, value]) => Buffer.byteLength(variable + textOf(value)))
        .reduce((sum, bytes) => sum + bytes, 0),
    ]),
  );
}

const MOST_TRIED = 200;

/** As many as the check lets pass. */
function most(file: (count: number) => Partial<ConfigurationFile>): Partial<ConfigurationFile> {
  const passes = (count: number) => {
    try {
      parseConfiguration(aConfigurationFile(file(count)), "test");
      return true;
    } catch {
      return false;
    }
  };
  let count = 1;
  while (count < MOST_TRIED && passes(count + 1)) {
    count += 1;
  }
  return file(count);
}

const numbered = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const team = (id: string) => ({ id, owner: "search-owner", costCenter: "CC-1" });
const owner = (id: string) => ({ id, email: `${id}@example.com` });
const slack = { workspaceId: "T0123456789", channelId: "C0000000001" };
const fallback = owner("search-owner");
const longName = "a".repeat(64);

describe("the most that a configuration may hold", () => {
  test.each<[string, (count: number) => Partial<ConfigurationFile>]>([
    ["teams", (count) => ({ owners: [fallback], teams: numbered(count, "team").map(team) })],
    [
      "teams, in a stack of a long name",
      (count) => ({
        owners: [fallback],
        teams: numbered(count, "team").map(team),
        stackName: longName,
      }),
    ],
    [
      "owners with a channel",
      (count) => ({
        owners: [fallback, ...numbered(count, "owner").map((id) => ({ ...owner(id), slack }))],
        teams: [team("team-search")],
      }),
    ],
    [
      "owners of long ids with a channel, in a stack of a long name",
      (count) => ({
        owners: [
          fallback,
          ...numbered(count, "owner".repeat(11)).map((id) => ({
            ...owner(id),
            email: `${id.slice(-6)}@example.com`,
            slack,
          })),
        ],
        teams: [team("team-search")],
        stackName: longName,
      }),
    ],
    [
      "tools with an authority of their own",
      (count) => ({
        owners: [fallback],
        teams: [team("team-search")],
        authorities: numbered(count, "tool").map((tool) => ({
          tool,
          grain: "day",
          from: "2026-01-01",
        })),
      }),
    ],
  ])("fits into the environment of every function: %s", (_, file) => {
    const sizes = environmentBytes(most(file));

    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(LAMBDA_LIMIT);
    // And what is kept free for other things is little.
    expect(Math.max(...sizes.values())).toBeGreaterThan(LAMBDA_LIMIT - 400);
  });
});
