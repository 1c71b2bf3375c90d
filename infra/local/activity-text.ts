import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import { dollars } from "../../shared/money/nano-usd.ts";

/** Where the person who watches finds what a line is about. Paths as the person would write them. */
export type Places = {
  readonly stateDir: string;
  /** Below it, `reports/<month>/` has a month's report. */
  readonly reportsDir: string;
};

const Count = z.int().nonnegative();
const Records = z.object({
  received: z.int().positive(),
  committed: Count,
  duplicate: Count,
  quarantined: Count,
  rejected: Count,
});
const RefusedSender = z.object({ authorization: z.literal("refused"), reason: z.string() });
const ImportedDrop = z.object({ drop: z.literal("imported"), key: z.string(), rows: Count });
const ImportedUsage = z.object({ drop: z.literal("imported"), key: z.string(), ...Records.shape });
const RefusedDrop = z.object({ drop: z.literal("refused"), key: z.string() });
const Report = z.object({ path: z.string(), month: z.string(), totalNanoUsd: z.string() });
const Scored = z.object({
  people: z.object({ scored: Count, unscored: Count }),
  alerts: z.object({ recorded: Count }),
  learning: z.string().optional(),
});
const SentAlerts = z.object({ sent: z.int().positive() });

const LogLine = JsonText.pipe(
  z.object({
    timestamp: z.iso.datetime().optional(),
    level: z.string(),
    message: z.unknown().optional(),
  }),
);

/**
 * What a line that a function has logged means to a person who watches the stack: that records came
 * in, that a key was refused, that there is a report or an alert, or that something failed.
 *
 * @param logicalId Of the function.
 * @returns nothing, if it means nothing to them.
 */
export function activityText(logicalId: string, line: string, places: Places): string | undefined {
  const log = LogLine.safeParse(line).data;
  if (log === undefined) {
    return undefined;
  }
  const text =
    log.level === "ERROR"
      ? `something failed: see ${places.stateDir}/logs/${logicalId}.log`
      : textOf(logicalId, log.message, places);
  const time = log.timestamp?.slice(11, 19);
  return text === undefined || time === undefined ? text : `${time}Z  ${text}`;
}

function textOf(logicalId: string, message: unknown, places: Places): string | undefined {
  const meaning = z
    .union([
      ImportedUsage.transform(({ drop, key, ...counts }) => `${key}: ${countsText(counts)}`),
      Records.transform((counts) => `${subjectOf(logicalId)}: ${countsText(counts)}`),
      RefusedSender.transform(({ reason }) => `a sender was refused: its key is ${reason}`),
      ImportedDrop.transform(
        ({ key, rows }) => `${key}: ${rows} ${rows === 1 ? "line" : "lines"} imported`,
      ),
      RefusedDrop.transform(
        ({ key }) => `${key} was refused: see ${places.stateDir}/logs/${logicalId}.log`,
      ),
      Report.transform(
        ({ month, path, totalNanoUsd }) =>
          `${month} costs ${dollars(BigInt(totalNanoUsd))}: ${places.reportsDir}/${path}`,
      ),
      Scored.transform(scoredText),
      SentAlerts.transform(({ sent }) => `alerts sent: ${sent}, see ${places.stateDir}/outbox/`),
    ])
    .safeParse(message);
  return meaning.data;
}

function subjectOf(logicalId: string): string {
  return logicalId.includes("IngestOutcomes") ? "delivered work" : "usage";
}

function scoredText({ people, alerts, learning }: z.infer<typeof Scored>): string {
  const counts = `scored ${people.scored} of ${people.scored + people.unscored} people, ${alerts.recorded} new alerts`;
  return learning === undefined ? counts : `${counts}; still learning: ${learning}`;
}

function countsText({ received, ...parts }: z.infer<typeof Records>): string {
  const some = Object.entries(parts).filter(([, count]) => count > 0);
  return `received ${received} = ${some.map(([name, count]) => `${name} ${count}`).join(" + ")}`;
}
