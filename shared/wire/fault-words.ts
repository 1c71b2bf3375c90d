import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/** How zod begins what it says where a schema says nothing of its own. */
const WORDS_OF_ZOD = /^(?:Invalid|Too|Unrecognized) /;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address, such as user-017@example.com",
  url: "a URL",
  date: "a day, such as 2026-10-05",
  datetime: "a time in RFC 3339, such as 2026-10-05T09:12:33Z",
};

/**
 * What a value has to be, for a person who reads no schemas. The words of a schema stay as they are;
 * zod's own are put more plainly. Nothing that was given is quoted.
 */
export function faultWords(issue: Issue): string {
  return WORDS_OF_ZOD.test(issue.message) ? plainWords(issue) : issue.message;
}

function plainWords(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "must be given"
        : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return "options" in issue && issue.options !== undefined
        ? oneOf(issue.options)
        : "is none of the forms that are known";
    case "too_small":
      return `must ${size(issue.origin, issue.minimum, issue.inclusive === false ? "more than" : "at least")}`;
    case "too_big":
      return `must ${size(issue.origin, issue.maximum, issue.inclusive === false ? "less than" : "at most")}`;
    case "invalid_format":
      return `must be ${FORMATS[issue.format] ?? "of another form"}`;
    default:
      return issue.message;
  }
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}`;
}

function size(origin: string, limit: number | bigint, than: string): string {
  switch (origin) {
    case "string":
      return `have ${than} ${limit} ${limit === 1 ? "character" : "characters"}`;
    case "array":
      return `have ${than} ${limit} ${limit === 1 ? "entry" : "entries"}`;
    default:
      return `be ${than} ${limit}`;
  }
}
