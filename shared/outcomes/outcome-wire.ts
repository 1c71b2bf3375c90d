import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";
import { EARLIEST_TIME_MS, isCommit, isPlainText, MAX_LENGTH } from "../usage/field-limits.ts";
import type { ParsedBatch, Quarantined, Rejected } from "../usage/parsed-batch.ts";
import { CLOCK_IN_FUTURE_DETAIL, isClockInFuture } from "../wire/clock-skew.ts";
import type { JsonRecord } from "../wire/json-batch.ts";
import { schemaFault } from "../wire/schema-fault.ts";
import { OUTCOME_KINDS, type SentOutcome } from "./outcome-event.ts";

const MAX_LISTED = 250;
const MAX_FILES = 3_000;
const MAX_PATH_LENGTH = 4_096;

const text = (maxLength: number) => {
  const message = `must be a text of 1 to ${maxLength} characters without control characters`;
  return z.string(message).refine((value) => isPlainText(value, maxLength), message);
};
const Name = text(MAX_LENGTH.name);
const Id = text(MAX_LENGTH.id);

const COUNT_MESSAGE = "must be a whole number from 0 to 1000000000";
const Count = z.int(COUNT_MESSAGE).min(0, COUNT_MESSAGE).max(1_000_000_000, COUNT_MESSAGE);

const TIME_MESSAGE = "must be a time after 2020 in RFC 3339 and UTC, such as 2026-10-06T15:00:00Z";
const COMMIT_MESSAGE = "must be a commit id of 7 to 64 hexadecimal digits";
const OBJECT_MESSAGE = "must be an object";

const Commit = z.string(COMMIT_MESSAGE).refine(isCommit, COMMIT_MESSAGE).toLowerCase();

const PATH_MESSAGE = `must be a path of 1 to ${MAX_PATH_LENGTH} characters`;
/** Any path that a repository can hold: it is hashed, and neither kept nor shown. */
const Path = z.string(PATH_MESSAGE).min(1, PATH_MESSAGE).max(MAX_PATH_LENGTH, PATH_MESSAGE);

const Size = z
  .strictObject(
    {
      additions: Count,
      deletions: Count,
      files: Count,
      /** Absent from senders that cannot tell generated from written lines. */
      ignoredLines: Count.default(0),
    },
    OBJECT_MESSAGE,
  )
  .refine((size) => size.ignoredLines <= size.additions + size.deletions, {
    path: ["ignoredLines"],
    message: "must not be more than additions and deletions together",
  });

/** One record of `/v1/outcomes`. Unknown fields are refused, so that a typo is seen. */
const OutcomeRecord = z
  .strictObject(
    {
      id: Id,
      time: z.iso
        .datetime(TIME_MESSAGE)
        .refine((value) => Date.parse(value) >= EARLIEST_TIME_MS, TIME_MESSAGE),
      kind: z.enum(OUTCOME_KINDS),
      user: text(MAX_LENGTH.subject).exactOptional(),
      repository: Name.exactOptional(),
      branch: Name.exactOptional(),
      commits: z.array(Commit).max(MAX_LISTED).default([]),
      task: Name.exactOptional(),
      size: Size.exactOptional(),
      files: z.array(Path).max(MAX_FILES).exactOptional(),
      environment: Name.exactOptional(),
      artifact: Name.exactOptional(),
      change: Id.exactOptional(),
      target: Id.exactOptional(),
      useCase: Name.exactOptional(),
      sessions: z.array(text(MAX_LENGTH.session)).max(MAX_LISTED).default([]),
      status: z.enum(["succeeded", "failed", "rolled_back"]).default("succeeded"),
      reverts: Id.exactOptional(),
    },
    OBJECT_MESSAGE,
  )
  .superRefine(({ kind, ...record }, context) => {
    const fault = kind === "incident" ? incidentFault(record) : undefined;
    if (fault !== undefined) {
      context.addIssue({ code: "custom", ...fault });
    }
  });

type IncidentFields = {
  readonly environment?: string;
  readonly artifact?: string;
  readonly change?: string;
  readonly commits: readonly string[];
  readonly status: string;
  readonly reverts?: string;
};

/** What keeps an incident from saying anything. One that `reverts` another withdraws it: that is enough. */
function incidentFault({ status, reverts, environment, ...named }: IncidentFields) {
  const { artifact, change, commits } = named;
  if (status !== "succeeded") {
    return { path: ["status"], message: "must be left out of an incident" };
  }
  if (reverts !== undefined) {
    return;
  }
  if (environment === undefined) {
    return { path: ["environment"], message: "must be given for an incident" };
  }
  const namesNothing = artifact === undefined && change === undefined && commits.length === 0;
  return namesNothing
    ? {
        path: ["artifact"],
        message: "must be given for an incident, or else change or commits: what it came from",
      }
    : undefined;
}

/**
 * Reads records of `/v1/outcomes`. Each ends in exactly one of accepted (in order), quarantined
 * and rejected.
 *
 * @param nowMs Our clock: a record more than five minutes ahead of it is quarantined.
 */
export function parseOutcomeRecords(
  records: readonly JsonRecord[],
  nowMs: number,
): ParsedBatch<SentOutcome> {
  const accepted: SentOutcome[] = [];
  const quarantined: Quarantined<SentOutcome>[] = [];
  const rejected: Rejected[] = [];
  for (const [index, record] of records.entries()) {
    const parsed = parseRecord(record);
    if ("message" in parsed) {
      rejected.push({ index, ...parsed });
    } else if (isClockInFuture(parsed.timeMs, nowMs)) {
      const detail = CLOCK_IN_FUTURE_DETAIL;
      quarantined.push({ event: parsed, reason: "clock-in-future", detail, index });
    } else {
      accepted.push(parsed);
    }
  }
  return { accepted, quarantined, rejected, ignored: new Map() };
}

function parseRecord(record: JsonRecord): SentOutcome | Omit<Rejected, "index"> {
  if (record.kind === "malformed") {
    return { path: "", message: record.message };
  }
  const parsed = OutcomeRecord.safeParse(record.value);
  if (!parsed.success) {
    return schemaFault(parsed.error);
  }
  const { time, user, files: paths, ...facts } = parsed.data;
  return {
    ...facts,
    timeMs: Date.parse(time),
    ...(paths === undefined ? {} : { paths }),
    ...(user === undefined ? {} : { subject: normalisedSubject(user) }),
  };
}
