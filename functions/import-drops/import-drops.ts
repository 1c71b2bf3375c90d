import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Drops } from "../adapters/s3-drops.ts";
import { describeError } from "../middleware/describe-error.ts";
import { logInvocation } from "../middleware/log-invocation.ts";
import { DIRECTORY_FOLDER, type DirectoryDropDeps, importDirectoryDrop } from "./directory-drop.ts";
import { type DropReport, refused, reportDrop } from "./drop-report.ts";
import { INVOICES_FOLDER, type InvoiceDropDeps, importInvoiceDrop } from "./invoice-drop.ts";
import { type DroppedObject, droppedObjects } from "./s3-event.ts";
import { importUsageDrop, USAGE_FOLDERS, type UsageDropDeps } from "./usage-drop.ts";

export type ImportDropsDeps = DirectoryDropDeps &
  InvoiceDropDeps &
  UsageDropDeps & {
    readonly drops: Drops;
    readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
  };

export type ImportDropsHandler = middy.MiddyfiedHandler<SQSEvent, SQSBatchResponse>;

/**
 * Imports the files that were dropped into the bucket: the folder says what a file is. A file that cannot be
 * read is refused, logged with its reasons and not tried again, because it will not get better by itself;
 * what fails for want of S3 or DynamoDB is tried again by the queue.
 */
export function importDropsHandler(deps: ImportDropsDeps): ImportDropsHandler {
  return middy<SQSEvent, SQSBatchResponse>()
    .use(logInvocation())
    .handler(async ({ Records }: SQSEvent, context) => {
      const remainingMs = () => context.getRemainingTimeInMillis();
      const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
      for (const record of Records) {
        if (!(await isImported(record, deps, remainingMs))) {
          batchItemFailures.push({ itemIdentifier: record.messageId });
        }
      }
      return { batchItemFailures };
    });
}

async function isImported(
  { body, messageId }: SQSRecord,
  deps: ImportDropsDeps,
  remainingMs: () => number,
): Promise<boolean> {
  try {
    let isFinished = true;
    for (const object of droppedObjects(body)) {
      const report = await importDrop(object, deps, remainingMs);
      reportDrop(loggableKey(object.key), report, deps.emitMetrics);
      isFinished &&= report.drop !== "unfinished";
    }
    return isFinished;
  } catch (error) {
    console.error({ drop: "failed", messageId, error: describeError(error) });
    return false;
  }
}

async function importDrop(
  object: DroppedObject,
  deps: ImportDropsDeps,
  remainingMs: () => number,
): Promise<DropReport> {
  const [folder = "", ...path] = object.key.split("/");
  if (path.at(-1) === "") {
    return { drop: "skipped", reason: "folder" };
  }
  if (path.length > 0 && folder === DIRECTORY_FOLDER) {
    const drop = await deps.drops.open(object.bucket, object.key);
    return drop.kind === "unreadable"
      ? refused(drop.message)
      : await importDirectoryDrop(drop.bytes, deps);
  }
  if (path.length > 0 && folder === INVOICES_FOLDER) {
    const drop = await deps.drops.open(object.bucket, object.key);
    return drop.kind === "unreadable"
      ? refused(drop.message)
      : await importInvoiceDrop(drop.bytes, drop.asOfMs, deps);
  }
  if (path.length > 0 && USAGE_FOLDERS.has(folder)) {
    return await importUsageDrop({ ...object, folder, path }, deps, remainingMs);
  }
  const folders = [DIRECTORY_FOLDER, INVOICES_FOLDER, ...USAGE_FOLDERS]
    .map((name) => `${name}/`)
    .join(", ");
  return refused(`the file is in no folder that is imported: there are ${folders}`);
}

/** The key as it may be logged: folders below the first can name a person. */
function loggableKey(key: string): string {
  const [folder, ...path] = key.split("/");
  return path.length > 1 ? `${folder}/…/${path.at(-1)}` : key;
}
