import * as z from "zod";

/** Text that holds JSON, parsed. For `.pipe(Schema)`: text that is no JSON fails as a check, without being quoted. */
export const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
});
