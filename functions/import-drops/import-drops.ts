import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parseDirectoryCsv } from "../../shared/directory/directory-csv.ts";
import type { DirectoryCsvFault } from "../../shared/directory/directory-row.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { Drops } from "../adapters/s3-drops.ts";
import { describeError } from "../middleware/describe-error.ts";
import { logInvocation } from "../middleware/log-invocation.ts";
import { importDirectory } from "./import-directory.ts";
import { type DroppedObject, droppedObjects } from "./s3-event.ts";

export type ImportDropsDeps = {
  readonly drops: Drops;
  readonly directory: DirectoryStore;
  readonly pseudonyms: () => Promise<Pseudonymise>;
  readonly settings: Settings;
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

export type ImportDropsHandler = middy.MiddyfiedHandler<SQSEvent, SQSBatchResponse>;

const LOGGED_FAULTS = 20;

/**
 * Imports the directory files that were dropped into the bucket. A file with a fault is refused as a
 * whole, logged with its reasons and not tried again, because it will not get better by itself; what
 * fails for want of S3 or DynamoDB is tried again by the queue.
 */
export function importDropsHandler(deps: ImportDropsDeps): ImportDropsHandler {
  return middy<SQSEvent, SQSBatchResponse>()
    .use(logInvocation())
    .handler(async ({ Records }: SQSEvent) => {
      const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
      for (const record of Records) {
        if (!(await isImported(record, deps))) {
          batchItemFailures.push({ itemIdentifier: record.messageId });
        }
      }
      return { batchItemFailures };
    });
}

async function isImported({ body, messageId }: SQSRecord, deps: ImportDropsDeps): Promise<boolean> {
  try {
    for (const object of droppedObjects(body)) {
      await importDrop(object, deps);
    }
    return true;
  } catch (error) {
    console.error({ drop: "failed", messageId, error: describeError(error) });
    return false;
  }
}

async function importDrop({ bucket, key }: DroppedObject, deps: ImportDropsDeps): Promise<void> {
  const drop = await deps.drops.read(bucket, key);
  if (drop.kind === "unreadable") {
    return refuse(key, [{ line: 1, column: "", message: drop.message }], deps);
  }
  const parsed = parseDirectoryCsv(drop.text, deps.settings);
  if (parsed.kind === "refused") {
    return refuse(key, parsed.faults, deps);
  }
  await importDirectory(parsed.rows, deps.directory, await deps.pseudonyms());
  console.info({ drop: "imported", key, rows: parsed.rows.length });
  deps.emitMetrics({ Received: 1, Committed: 1, Rejected: 0 });
}

function refuse(
  key: string,
  faults: readonly DirectoryCsvFault[],
  { emitMetrics }: ImportDropsDeps,
): void {
  console.warn({ drop: "refused", key, faults: faults.slice(0, LOGGED_FAULTS) });
  emitMetrics({ Received: 1, Committed: 0, Rejected: 1 });
}
