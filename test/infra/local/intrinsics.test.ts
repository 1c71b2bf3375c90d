import { describe, expect, test } from "vitest";
import { resolveIntrinsics } from "../../../infra/local/intrinsics.ts";

const references = {
  ref: (name: string) => (name === "AWS::NoValue" ? undefined : `ref-${name}`),
  attribute: (logicalId: string, attribute: string) => `${logicalId}/${attribute}`,
};

describe("resolveIntrinsics", () => {
  test.each<[string, unknown, unknown]>([
    ["Ref", { Ref: "Table" }, "ref-Table"],
    ["Fn::GetAtt with a list", { "Fn::GetAtt": ["Table", "Arn"] }, "Table/Arn"],
    ["Fn::GetAtt with a dot", { "Fn::GetAtt": "Table.Stream.Arn" }, "Table/Stream.Arn"],
    ["Fn::Join", { "Fn::Join": ["-", ["a", { Ref: "B" }, 3]] }, "a-ref-B-3"],
    ["Fn::Select", { "Fn::Select": ["1", ["a", { Ref: "B" }]] }, "ref-B"],
    ["Fn::Split", { "Fn::Split": ["/", { "Fn::GetAtt": ["T", "Arn"] }] }, ["T", "Arn"]],
    ["Fn::Base64", { "Fn::Base64": "hi" }, "aGk="],
    [
      "Fn::Sub",
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
      { "Fn::Sub": ["${A}:${T.Arn}:${x}:${!kept}", { x: { Ref: "B" } }] },
      "ref-A:T/Arn:ref-B:${kept}",
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
    ],
    ["AWS::NoValue, which takes its property away", { a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
    [
      "an object with more members, which is none",
      { Ref: "A", b: { Ref: "B" } },
      { Ref: "A", b: "ref-B" },
    ],
  ])("%s", (_name, value, expected) => {
    expect(resolveIntrinsics(value, references)).toEqual(expected);
  });

  test("an unknown intrinsic is an error, not a guess", () => {
    expect(() => resolveIntrinsics({ a: [{ "Fn::ImportValue": "x" }] }, references)).toThrow(
      "intrinsic function Fn::ImportValue is not emulated locally",
    );
  });
});
