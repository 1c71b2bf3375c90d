import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { LedgerUnavailableError } from "../../shared/ports/usage-ledger.ts";

/** Whether a write was refused because its condition did not hold. */
export function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}

/** Whether a transaction was cancelled because the condition of one of its writes did not hold. */
export function isCancelledByCondition(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some((reason) => reason.Code === "ConditionalCheckFailed")
  );
}

/**
 * Anything else that a store answers, from throttling to a missing grant: the write is not known to
 * be durable, so its sender has to send again.
 */
export function unavailable(error: unknown): LedgerUnavailableError {
  return error instanceof LedgerUnavailableError ? error : new LedgerUnavailableError(error);
}
