import * as z from "zod";
import type { Day } from "../ledger/roll-ups.ts";
import { AnthropicPage, anthropicCredentials, nextAnthropicPage } from "./anthropic-api.ts";
import type { CollectorSettings } from "./collector-settings.ts";
import type { CollectorSource, ReadContext, RowReading } from "./collector-source.ts";
import { dayOfBucket, rfc3339, spanTasks } from "./days.ts";
import { pageOf, rowReadings } from "./page-fields.ts";

/** Most days that one request may ask for. */
const MOST_DAYS = 31;

const Bucket = z.object({ starting_at: z.iso.datetime(), results: z.array(z.unknown()) });

export type BucketReport = {
  /** Names the report, in tasks and faults. */
  readonly step: string;
  readonly path: string;
  readonly groupBy: readonly string[];
  /** Reads one result of a day's bucket. */
  readonly readResult: (
    result: unknown,
    path: string,
    day: Day,
    context: ReadContext,
  ) => readonly RowReading[];
};

/** A report of the admin API whose answer is a bucket for each day. */
export function anthropicBucketReport<Settings extends CollectorSettings>(
  report: BucketReport,
): CollectorSource<Settings> {
  const { step } = report;
  return {
    credentials: anthropicCredentials,
    plan: (days) => spanTasks(step, days, MOST_DAYS),
    request: ({ from, to, page }) => ({
      method: "GET",
      path: report.path,
      query: [
        ["starting_at", rfc3339(from)],
        ["ending_at", rfc3339(to)],
        ["bucket_width", "1d"],
        ["limit", String(MOST_DAYS)],
        ...report.groupBy.map((key) => ["group_by[]", key] as const),
        ...(page === undefined ? [] : [["page", page] as const]),
      ],
    }),
    read: (task, text, context) => {
      const page = pageOf(AnthropicPage, step, text);
      return {
        rows: page.data.flatMap((bucket, at) => readBucket(report, bucket, `data[${at}]`, context)),
        next: nextAnthropicPage(task, page),
      };
    },
  };
}

function readBucket(
  report: BucketReport,
  bucket: unknown,
  path: string,
  context: ReadContext,
): readonly RowReading[] {
  return rowReadings(Bucket, bucket, path, ({ starting_at, results }) => {
    const day = dayOfBucket(Date.parse(starting_at));
    return day === undefined
      ? [
          {
            kind: "rejected",
            path: `${path}.starting_at`,
            message: "must be the start of a UTC day",
          },
        ]
      : results.flatMap((result, at) =>
          report.readResult(result, `${path}.results[${at}]`, day, context),
        );
  });
}
