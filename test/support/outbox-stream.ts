import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Alert } from "../../shared/alerts/alert.ts";
import { alertToJson } from "../../shared/alerts/alert-codec.ts";

/** What Lambda gets from the stream of the insights table for alerts put into the outbox. */
export function outboxInserts(alerts: readonly Alert[], firstSequence = 100): DynamoDBStreamEvent {
  return {
    Records: alerts.map((alert, index) => ({
      eventID: `event-${index}`,
      eventName: "INSERT",
      eventSource: "aws:dynamodb",
      dynamodb: {
        SequenceNumber: `${firstSequence + index}`,
        StreamViewType: "NEW_IMAGE",
        Keys: { pk: { S: "OUTBOX" }, sk: { S: alert.id } },
        NewImage: {
          pk: { S: "OUTBOX" },
          sk: { S: alert.id },
          alert: { S: alertToJson(alert) },
          asOfMs: { N: `${alert.asOfMs}` },
          recordedAtMs: { N: "0" },
        },
      },
    })),
  };
}
