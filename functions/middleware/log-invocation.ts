import type middy from "@middy/core";
import { describeError } from "./describe-error.ts";

type Fields = Readonly<Record<string, unknown>>;

const fieldsOfEvent = new WeakMap<object, Fields>();

/** Adds ids and counts to the one log line of the invocation that handles this event. Never content. */
export function addToInvocationLog(event: object, fields: Fields): void {
  fieldsOfEvent.set(event, { ...fieldsOfEvent.get(event), ...fields });
}

/** Writes one structured line per invocation: how long it took, what it counted, why it failed if it did. */
export function logInvocation<Event extends object, Result>(
  now: () => number = Date.now,
): middy.MiddlewareObj<Event, Result> {
  const startedAt = new WeakMap<object, number>();
  const line = (event: Event, outcome: string) => ({
    outcome,
    durationMs: now() - (startedAt.get(event) ?? now()),
    ...fieldsOfEvent.get(event),
  });
  return {
    before: ({ event }) => {
      startedAt.set(event, now());
    },
    after: ({ event }) => {
      console.info(line(event, "ok"));
    },
    onError: ({ event, error }) => {
      console.error({ ...line(event, "error"), error: describeError(error) });
    },
  };
}
