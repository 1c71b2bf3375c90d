import { isSameResponse, mergedCall, type TranscriptCall } from "./claude-code-transcript-calls.ts";
import type { AssistantLine } from "./claude-code-transcript-line.ts";

/** Kept in mind to find the later lines of a response. */
const MOST_OPEN = 20_000;

/** The responses of one file, each from all of its lines. */
export type OpenResponses = {
  /**
   * Adds a line to its response.
   *
   * @returns the oldest, if more are open than any session has.
   */
  readonly add: (line: AssistantLine) => readonly TranscriptCall[];
  /** All that are open, in the order of their first lines. */
  readonly takeAll: () => readonly TranscriptCall[];
};

export function openResponses(mostOpen = MOST_OPEN): OpenResponses {
  const calls = new Map<string, TranscriptCall>();
  /** Of each id of a response, the keys of the calls that carry it: one, but for replays. */
  const byMessage = new Map<string, string>();

  /** Of each id of a request, the key of the last call that carries it. */
  const byRequest = new Map<string, string>();

  const keyOf = (line: AssistantLine): string => {
    const { message, requestId, uuid } = line;
    const exact = JSON.stringify([message.id, requestId, message.id ?? requestId ?? uuid]);
    const other = message.id === undefined ? undefined : byMessage.get(message.id);
    const known = other === undefined ? undefined : calls.get(other);
    const isReplay = known !== undefined && isSameResponse(known.line, line);
    return isReplay && other !== undefined && !calls.has(exact) ? other : exact;
  };

  const take = (most: number): readonly TranscriptCall[] => {
    const taken = [...calls].slice(0, most);
    for (const [key, { line }] of taken) {
      calls.delete(key);
      byMessage.delete(line.message.id ?? "");
    }
    return taken.map(([key, call]) => withOwnRequest(key, call));
  };

  /** A request has one response: others that carry its id are replays, and are known by their own. */
  const withOwnRequest = (key: string, call: TranscriptCall): TranscriptCall => {
    const { requestId, message } = call.line;
    const isOwn = requestId === undefined || byRequest.get(requestId) === key;
    return isOwn || message.id === undefined
      ? call
      : { ...call, line: { ...call.line, requestId: undefined } };
  };

  return {
    add: (line) => {
      const key = keyOf(line);
      const known = calls.get(key);
      calls.set(
        key,
        known === undefined ? { firstMs: line.timestamp, line } : mergedCall(known, line),
      );
      if (line.message.id !== undefined && !byMessage.has(line.message.id)) {
        byMessage.set(line.message.id, key);
      }
      if (line.requestId !== undefined) {
        byRequest.set(line.requestId, key);
      }
      return calls.size > mostOpen ? take(mostOpen >> 1) : [];
    },
    takeAll: () => take(calls.size),
  };
}
