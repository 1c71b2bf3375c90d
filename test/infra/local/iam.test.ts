import { describe, expect, test } from "vitest";
import { type AccessRequest, compilePolicy } from "../../../infra/local/iam.ts";
import { PolicyStatement } from "../../../infra/local/policy-document.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/Directory";
const query: AccessRequest = {
  action: "dynamodb:Query",
  resource: table,
  context: { "dynamodb:leadingkeys": ["DIRECTORY#3"] },
};

function allows(statements: readonly object[], request: AccessRequest = query): boolean {
  return compilePolicy(statements.map((statement) => PolicyStatement.parse(statement)))(request);
}

const allow = (overrides: object) => ({
  Effect: "Allow",
  Action: "dynamodb:Query",
  Resource: table,
  ...overrides,
});
const keys = (operator: string, ...values: string[]) =>
  allow({ Condition: { [operator]: { "dynamodb:LeadingKeys": values } } });

describe("compilePolicy", () => {
  test.each<[string, readonly object[], boolean]>([
    ["nothing is allowed without a statement", [], false],
    ["the action and the resource have to match", [allow({})], true],
    ["another action is not allowed", [allow({ Action: "dynamodb:GetItem" })], false],
    ["another resource is not allowed", [allow({ Resource: `${table}/index/x` })], false],
    ["actions match in any case", [allow({ Action: "DYNAMODB:query" })], true],
    ["a star matches the rest of an action", [allow({ Action: ["dynamodb:Q*"] })], true],
    ["a star matches any resource", [allow({ Resource: "*" })], true],
    ["a dot in a pattern is a dot", [allow({ Resource: table.replace(":", ".") })], false],
    ["a denial wins over any allowance", [allow({}), allow({ Effect: "Deny" })], false],
    [
      "everything but an action can be denied",
      [allow({}), { Effect: "Deny", NotAction: "dynamodb:Query", Resource: "*" }],
      true,
    ],
    ["a key has to equal one of the values", [keys("StringEquals", "X", "DIRECTORY#3")], true],
    ["a pattern is no equal", [keys("StringEquals", "DIRECTORY#*")], false],
    ["a key can be like a pattern", [keys("StringLike", "DIRECTORY#*")], true],
    ["every key has to be like it", [keys("ForAllValues:StringLike", "KEYS")], false],
    ["a key can be unlike a value", [keys("StringNotEquals", "KEYS")], true],
    ["and is not, if it equals it", [keys("StringNotEquals", "DIRECTORY#3")], false],
    [
      "transport here counts as secure",
      [
        allow({}),
        allow({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ],
      true,
    ],
  ])("%s", (_rule, statements, expected) => {
    expect(allows(statements)).toBe(expected);
  });

  const scan: AccessRequest = { action: "dynamodb:Query", resource: table };

  test.each<[string, string, boolean]>([
    ["is refused by a plain condition", "StringEquals", false],
    ["passes a condition on what may exist", "StringEqualsIfExists", true],
    [
      "passes a condition on all of its keys, of which it has none",
      "ForAllValues:StringLike",
      true,
    ],
    ["is refused by a condition on any of its keys", "ForAnyValue:StringLike", false],
  ])("a request without the key %s, as in AWS", (_rule, operator, expected) => {
    expect(allows([keys(operator, "DIRECTORY#*")], scan)).toBe(expected);
  });

  test("one key of several outside of the pattern is enough to refuse", () => {
    const context = { "dynamodb:leadingkeys": ["DIRECTORY#3", "KEYS"] };

    expect(allows([keys("ForAllValues:StringLike", "DIRECTORY#*")], { ...query, context })).toBe(
      false,
    );
  });

  test.each([
    ["operator", { NumericLessThan: { "dynamodb:LeadingKeys": "1" } }],
    ["key", { StringEquals: { "aws:PrincipalTag/team": "x" } }],
  ])("an unknown condition %s is an error, not a guess", (what, Condition) => {
    expect(() => allows([allow({ Condition })])).toThrow(`IAM condition ${what}`);
  });
});
