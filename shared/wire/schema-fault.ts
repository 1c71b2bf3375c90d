import type * as z from "zod";
import { faultWords } from "./fault-words.ts";

/** Where a record is not what its schema says, and what it has to be. */
export type SchemaFault = { readonly path: string; readonly message: string };

/** A name that someone may have misspelt; anything else in place of a name may be content. */
const FIELD_NAME = /^[a-z_$][\w$-]{0,39}$/i;

/**
 * The first thing wrong. It quotes nothing that was sent but the name of an unknown field, and that
 * only if it looks like one. The path is empty for the record as a whole.
 */
export function schemaFault({ issues: [issue] }: z.ZodError): SchemaFault {
  if (issue === undefined) {
    return { path: "", message: "is not as its schema says" };
  }
  if (issue.code !== "unrecognized_keys") {
    return { path: issue.path.join("."), message: faultWords(issue) };
  }
  const name = issue.keys.find((key) => FIELD_NAME.test(key));
  return name === undefined
    ? { path: issue.path.join("."), message: "must not hold a field that is not known" }
    : { path: [...issue.path, name].join("."), message: "is not a known field" };
}
