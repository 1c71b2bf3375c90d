import { isDeepStrictEqual } from "node:util";
import { packEvent, segmentKey, unpackEvent } from "../../shared/ledger/segment.ts";
import { MOST_FILES } from "../../shared/outcomes/changed-files.ts";
import { decodeOutcome, encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { EARLIEST_TIME_MS, isPlainText } from "../../shared/usage/field-limits.ts";
import { decodeUsage, encodeUsage } from "../../shared/usage/usage-codec.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";

/** DynamoDB's limits of a partition and a sort key, in bytes. */
const MAX_PARTITION_KEY = 2_048;
const MAX_SORT_KEY = 1_024;
const LATEST_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** Identities are made of several parts, none of which is longer than a few hundred characters. */
const LONGEST_TEXT = 1_000;

/** What is wrong with a usage event in the ledger or in quarantine, whoever sent it. */
export function usageFaults(event: UsageEvent): readonly string[] {
  const { pk, sk } = segmentKey(event);
  const packed = packEvent(event);
  const unpacked = unpackEvent({ pk, sk }, event.id, packed.body("c"), () => packed.context);
  return [
    ...fieldFaults(event),
    ...(Object.values(event.tokens).every(isCount) ? [] : ["a token count is no count"]),
    ...((event.reportedCostNanoUsd ?? 0n) < 0n ? ["a negative cost is stored"] : []),
    ...(Buffer.byteLength(pk) <= MAX_PARTITION_KEY && Buffer.byteLength(sk) <= MAX_SORT_KEY
      ? []
      : ["a key is longer than the table takes"]),
    ...(isSame(unpacked, event) ? [] : ["the ledger would give back another event"]),
    ...(isSame(decodeUsage(encodeUsage(event)), event)
      ? []
      : ["quarantine would give back another event"]),
  ];
}

/** How many calls the entries of a ledger are: what a second source adds to a call stands beside it. */
export function callsIn(events: readonly UsageEvent[]): number {
  const places = events.map((event) => {
    const { pk, sk } = segmentKey(event);
    return `${pk} ${sk} ${event.id}`;
  });
  return new Set(places).size;
}

export function outcomeFaults(outcome: OutcomeEvent): readonly string[] {
  return [
    ...fieldFaults(outcome),
    ...(Object.values(outcome.size ?? {}).every(isCount) ? [] : ["a size is no count"]),
    ...(fileLists(outcome).every(isListOfHashes) ? [] : ["a file is stored that is no hash"]),
    ...(isSame(decodeOutcome(encodeOutcome(outcome)), outcome)
      ? []
      : ["the ledger would give back another outcome"]),
  ];
}

function fileLists({ files = [], pushed = [] }: OutcomeEvent): readonly (readonly string[])[] {
  return [files, ...pushed.map((commit) => commit.files)];
}

/** Of paths nothing is kept but keyed hashes, and of very many only some. */
function isListOfHashes(files: readonly string[]): boolean {
  return files.length <= MOST_FILES && files.every((file) => /^[\w-]{22}$/.test(file));
}

function fieldFaults(event: { readonly timeMs: number }): readonly string[] {
  const { timeMs } = event;
  const isTime = Number.isInteger(timeMs) && timeMs >= EARLIEST_TIME_MS && timeMs <= LATEST_TIME_MS;
  return [
    ...(isTime ? [] : ["a time is not between 2020 and 9999"]),
    ...Object.entries(event)
      .filter(([, value]) => !hasPlainTexts(value))
      .map(([name]) => `${name} is stored with a text that cannot be shown`),
  ];
}

function hasPlainTexts(value: unknown): boolean {
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text !== "string" || isPlainText(text, LONGEST_TEXT));
}

function isSame(back: object, event: object): boolean {
  return isDeepStrictEqual(withoutNegativeZero(back), withoutNegativeZero(event));
}

/** JSON knows `-0`; no store tells it from 0, and no sum does. */
function withoutNegativeZero(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNegativeZero);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, withoutNegativeZero(member)]),
    );
  }
  return value === 0 ? 0 : value;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
