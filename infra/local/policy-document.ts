import * as z from "zod";

const OneOrMore = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const ConditionValues = z.union([
  z.union([z.string(), z.boolean(), z.number()]).transform((value) => [String(value)]),
  z.array(z.union([z.string(), z.boolean(), z.number()]).transform(String)),
]);

export const PolicyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: OneOrMore.optional(),
  NotAction: OneOrMore.optional(),
  Resource: OneOrMore.optional(),
  NotResource: OneOrMore.optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), ConditionValues)).optional(),
});
export type PolicyStatement = z.output<typeof PolicyStatement>;

/** An IAM policy document, with its one-or-many fields turned into lists. */
export const PolicyDocument = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([
    z.array(PolicyStatement),
    PolicyStatement.transform((statement) => [statement]),
  ]),
});
