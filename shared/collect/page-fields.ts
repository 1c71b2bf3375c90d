import * as z from "zod";
import { nanoUsdFromCents } from "../money/cents.ts";
import { type NanoUsd, nanoUsdFromDecimal, nanoUsdFromNumber } from "../money/nano-usd.ts";
import { isPlainText, MAX_COST_USD, MAX_LENGTH, MAX_WINDOW_TOKENS } from "../usage/field-limits.ts";
import { faultWords } from "../wire/fault-words.ts";
import { type RowReading, UnreadablePageError } from "./collector-source.ts";

const COUNT_MESSAGE = `must be a whole number from 0 to ${MAX_WINDOW_TOKENS}`;
const TEXT_MESSAGE = `must be a text of 1 to ${MAX_LENGTH.subject} characters without control characters`;
const MONEY_MESSAGE = `must be an amount whose absolute value is at most ${MAX_COST_USD} USD`;

/** A sum of tokens or calls. */
export const Count = z
  .int(COUNT_MESSAGE)
  .min(0, COUNT_MESSAGE)
  .max(MAX_WINDOW_TOKENS, COUNT_MESSAGE);

/** A sum that reports leave out, or give as null, where there is nothing to count. */
export const CountIfGiven = Count.nullish().transform((count) => count ?? 0);

/** A name that tells rows apart. */
export const Name = z
  .string(TEXT_MESSAGE)
  .refine((text) => isPlainText(text, MAX_LENGTH.subject), TEXT_MESSAGE);

/** A name that is null, or not there, where the provider does not say. */
export const NameIfGiven = Name.nullish().transform((name) => name ?? undefined);

const LARGEST = nanoUsdFromNumber(MAX_COST_USD);

function money(read: (amount: string | number) => NanoUsd) {
  return z.union([z.string(), z.number()], MONEY_MESSAGE).transform((amount, context): NanoUsd => {
    try {
      const value = read(amount);
      if (value <= LARGEST && -value <= LARGEST) {
        return value;
      }
    } catch {
      // Said below, in the same words.
    }
    context.addIssue({ code: "custom", message: MONEY_MESSAGE });
    return z.NEVER;
  });
}

/** Cents as a decimal text or a number. Negative ones are credits. */
export const Cents = money(nanoUsdFromCents);

/** Dollars as a decimal text or a number. */
export const Dollars = money((amount) =>
  typeof amount === "number" ? nanoUsdFromNumber(amount) : nanoUsdFromDecimal(amount),
);

/**
 * Reads the frame of a page. Its rows are read one by one, with {@link rowReading}, so that a row
 * that cannot be read spoils no other.
 *
 * @throws {UnreadablePageError} which names the field, and quotes nothing.
 */
export function pageOf<Schema extends z.ZodType>(
  schema: Schema,
  step: string,
  text: string,
): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadablePageError(step, "it must be JSON");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new UnreadablePageError(step, faultOf(parsed.error));
  }
  return parsed.data;
}

/** Turns a row into readings, or rejects it: by where it is wrong, without quoting it. */
export function rowReadings<Schema extends z.ZodType>(
  schema: Schema,
  row: unknown,
  path: string,
  readings: (row: z.infer<Schema>) => readonly RowReading[],
): readonly RowReading[] {
  const parsed = schema.safeParse(row);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return [
      {
        kind: "rejected",
        path: pathText(issue?.path ?? [], path),
        message: issue === undefined ? "must be a row of the report" : faultWords(issue),
      },
    ];
  }
  return readings(parsed.data);
}

function faultOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined
    ? "it is of another form"
    : `${pathText(issue.path, "") || "it"}: ${faultWords(issue)}`;
}

/** As `data[1].tokens.input`. By hand, as zod's own way of it would bring all of zod along. */
function pathText(path: readonly PropertyKey[], start: string): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") {
      return `${text}[${key}]`;
    }
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, start);
}
