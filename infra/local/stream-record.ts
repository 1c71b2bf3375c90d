import { isDeepStrictEqual } from "node:util";
import { type JsonObject, objectOf, textOf } from "./json.ts";

/** A record of a table's stream, as a Lambda event has it. */
export type StreamRecord = JsonObject & { readonly dynamodb: JsonObject };

export function toStreamRecord(
  record: JsonObject,
  eventSourceARN: string,
  awsRegion: string,
): StreamRecord {
  return { ...record, awsRegion, eventSourceARN, dynamodb: objectOf(record["dynamodb"]) };
}

export function sequenceNumber({ dynamodb }: StreamRecord): string {
  return textOf(dynamodb["SequenceNumber"]) ?? "";
}

/** Milliseconds since the record was written. */
export function recordAge({ dynamodb }: StreamRecord, nowMs: number): number {
  return nowMs - Number(dynamodb["ApproximateCreationDateTime"]) * 1000;
}

/** DynamoDB writes no record for a write that changes nothing; the emulator does. */
export function changedNothing({ dynamodb }: StreamRecord): boolean {
  const { OldImage, NewImage } = dynamodb;
  return OldImage !== undefined && isDeepStrictEqual(OldImage, NewImage);
}
