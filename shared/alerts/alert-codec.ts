import * as z from "zod";
import { JsonText } from "../json-text.ts";
import { ALERT_TYPES, type Alert, REVIEW_AGES, REVIEW_VERDICTS, UNDONE_CAUSES } from "./alert.ts";

const NanoUsdText = z
  .string()
  .regex(/^-?\d{1,30}$/, "must be a whole number of nano-USD, as text")
  .transform(BigInt);

const UserWindow = z.object({
  kind: z.literal("user-window"),
  user: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
});

const Session = z.object({
  kind: z.literal("session"),
  user: z.string(),
  session: z.string(),
  day: z.iso.date(),
});

const UserDay = z.object({ kind: z.literal("user-day"), user: z.string(), day: z.iso.date() });

const TeamWindow = z.object({
  kind: z.literal("team-window"),
  team: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
});

const Delivery = z.object({
  credit: z.number(),
  counted: z.array(z.object({ task: z.string(), credit: z.number(), state: z.string() })),
  notCounted: z.array(z.object({ id: z.string(), reason: z.string() })),
});

const Signal = z.object({
  signal: z.string(),
  z: z.number(),
  value: z.number(),
  usual: z.number(),
  share: z.number(),
});

const Evidence = z.object({
  costNanoUsd: NanoUsdText,
  delivery: Delivery,
  expected: z.object({
    medianNanoUsd: NanoUsdText,
    lowNanoUsd: NanoUsdText,
    highNanoUsd: NanoUsdText,
    cohort: z.string(),
  }),
  ownUsualNanoUsd: z.exactOptional(NanoUsdText),
  openAlert: z.exactOptional(
    z.object({ id: z.string().min(1), from: z.iso.date(), isFrozen: z.boolean() }),
  ),
  excessNanoUsd: NanoUsdText,
  bridge: z.exactOptional(z.array(z.object({ step: z.string(), changeNanoUsd: NanoUsdText }))),
  signals: z.array(Signal),
  p: z.number(),
  expectedFalseShare: z.number(),
  calibrationUnits: z.number(),
  topSessions: z.array(z.object({ session: z.string(), costNanoUsd: NanoUsdText })),
});

const Review = z.object({
  age: z.enum(REVIEW_AGES),
  verdict: z.enum(REVIEW_VERDICTS),
  of: z.exactOptional(z.object({ id: z.string().min(1), asOfMs: z.number() })),
  before: z.object({
    costNanoUsd: NanoUsdText,
    excessNanoUsd: z.exactOptional(NanoUsdText),
    credit: z.number(),
  }),
  changes: z.array(
    z.object({
      kind: z.enum(["delivered", "undone"]),
      task: z.string(),
      credit: z.number(),
      day: z.exactOptional(z.iso.date()),
      cause: z.exactOptional(z.enum(UNDONE_CAUSES)),
    }),
  ),
});

const AlertRecord = z.object({
  id: z.string().min(1),
  type: z.enum(ALERT_TYPES),
  unit: z.discriminatedUnion("kind", [UserWindow, Session, UserDay, TeamWindow]),
  team: z.string(),
  owner: z.string(),
  asOfMs: z.number(),
  survivalDays: z.number(),
  evidence: Evidence,
  review: z.exactOptional(Review),
}) satisfies z.ZodType<Alert>;

/**
 * The stored form of an alert: JSON, money as decimal text in nano-USD.
 *
 * @throws {RangeError} if a number is not finite. JSON would turn it into `null`, and the alert
 *   into one that cannot be read back for delivery.
 */
export function alertToJson(alert: Alert): string {
  return JSON.stringify(alert, (key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new RangeError(`${key} of an alert must be a finite number, got ${value}`);
    }
    return typeof value === "bigint" ? value.toString() : value;
  });
}

/**
 * Reads an alert back. Fields that a newer release added are ignored.
 *
 * @throws {z.ZodError} if the text is not a stored alert.
 */
export function alertFromJson(text: string): Alert {
  return JsonText.pipe(AlertRecord).parse(text);
}
