import { type ChangeSignal, changeSignal } from "./activity.ts";
import type { AwsCall } from "./aws-call.ts";

const WRITES = new Set(
  ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"].map((action) => `dynamodb:${action}`),
);

/** Tells who polls a table's stream that there is something new in it. */
export type TableWrites = {
  readonly to: (tableName: string) => ChangeSignal;
  readonly onCommitted: (call: AwsCall) => void;
};

export function tableWrites(): TableWrites {
  const signals = new Map<string, ChangeSignal>();
  const to = (tableName: string) => {
    const signal = signals.get(tableName) ?? changeSignal();
    signals.set(tableName, signal);
    return signal;
  };
  return {
    to,
    onCommitted: ({ accesses }) => {
      for (const { action, resource } of accesses) {
        if (WRITES.has(action)) {
          to(resource.replace(/^.*:table\//, "")).notify();
        }
      }
    },
  };
}
