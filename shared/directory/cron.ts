import * as z from "zod";

type Field = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names of the numbers, from `from` on. */
  readonly words: readonly string[];
  /** What the field may hold beside numbers, ranges, steps and `*`. */
  readonly also: RegExp;
};

const NOTHING = /^$/;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly Field[] = [
  { name: "minute", from: 0, to: 59, words: [], also: NOTHING },
  { name: "hour", from: 0, to: 23, words: [], also: NOTHING },
  { name: "day of month", from: 1, to: 31, words: [], also: /^(?:\?|L|LW|\d{1,2}W)$/ },
  { name: "month", from: 1, to: 12, words: MONTHS, also: NOTHING },
  { name: "day of week", from: 1, to: 7, words: WEEKDAYS, also: /^(?:\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: "year", from: 1970, to: 2199, words: [], also: NOTHING },
];

const FIELDS_MESSAGE =
  'must be the six fields of a cron expression, such as "0 3 * * ? *": minute, hour, day of month, month, day of week, year';

/**
 * The six fields of an EventBridge Scheduler cron expression, in UTC:
 * minutes, hours, day of month, month, day of week, year. What Scheduler would refuse is refused here,
 * before a deployment.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const Cron = z.string().superRefine((text, context) => {
  const fault = faultIn(text.split(" "));
  if (fault !== undefined) {
    context.addIssue({ code: "custom", message: fault });
  }
});

function faultIn(parts: readonly string[]): string | undefined {
  if (parts.length !== FIELDS.length) {
    return FIELDS_MESSAGE;
  }
  const wrong = FIELDS.find((field, i) => !fits(parts[i] ?? "", field));
  if (wrong !== undefined) {
    return `its ${wrong.name} must be from ${wrong.from} to ${wrong.to}`;
  }
  const [, , dayOfMonth, , dayOfWeek] = parts;
  return (dayOfMonth === "?") === (dayOfWeek === "?")
    ? "must have ? for one of day of month and day of week, and not for both"
    : undefined;
}

function fits(text: string, field: Field): boolean {
  return text.split(",").every((item) => field.also.test(item) || isRange(item, field));
}

/** `*`, `5`, `5-10`, and each of them by steps: `0/15`. */
function isRange(text: string, field: Field): boolean {
  const [range = "", step, ...more] = text.split("/");
  const isStep = step === undefined || /^[1-9]\d{0,3}$/.test(step);
  const ends = range.split("-");
  return (
    more.length === 0 &&
    isStep &&
    (range === "*" || (ends.length <= 2 && ends.every((end) => isIn(end, field))))
  );
}

function isIn(text: string, { from, to, words }: Field): boolean {
  const word = words.indexOf(text.toUpperCase());
  const value = word === -1 ? Number(text) : from + word;
  return (word !== -1 || /^\d{1,4}$/.test(text)) && value >= from && value <= to;
}
