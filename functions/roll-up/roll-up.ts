import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { daysThatDependOn } from "../../shared/ledger/across-midnight.ts";
import type { Day, SessionDay } from "../../shared/ledger/roll-ups.ts";
import { userDayOfSegment } from "../../shared/ledger/segment.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { type RecomputeDeps, recomputeUserDay } from "./recompute-user-day.ts";

const USER_DAYS_AT_ONCE = 8;

export type RollUpDeps = RecomputeDeps & {
  /**
   * Looks at the sessions of a day that has new spend. Called for all of them, stored anew or not: a
   * batch that failed after its writes comes again.
   */
  readonly watchSessions: (sessions: readonly SessionDay[]) => Promise<void>;
};

/**
 * Recomputes the roll-ups of every user's day that a batch of the ledger's stream touches. The stream
 * only says which keys are dirty, so records may come twice, late, or in any order.
 */
export function rollUpHandler(deps: RollUpDeps) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const dirty = dirtyUserDays(event.Records);
    const { failed, unpriced } = await refreshAll(deps, dirty);
    if (unpriced > 0) {
      emitMetrics({ UnpricedCalls: unpriced });
    }
    for (const { error, user, day } of failed) {
      console.error({ message: "roll-up failed", user, day, error });
    }
    console.info({ records: event.Records.length, userDays: dirty.length, failed: failed.length });
    return { batchItemFailures: firstFailure(failed) };
  };
}

type DirtyUserDay = {
  readonly user: UserPseudonym;
  readonly day: Day;
  /** Sequence number of the first record that made it dirty: where a retry has to start. */
  readonly since: string;
};

function dirtyUserDays(records: readonly DynamoDBRecord[]): readonly DirtyUserDay[] {
  const dirty = new Map<string, DirtyUserDay>();
  for (const { dynamodb } of records) {
    const key = { pk: dynamodb?.Keys?.["pk"]?.S ?? "", sk: dynamodb?.Keys?.["sk"]?.S ?? "" };
    const user = userDayOfSegment(key)?.user ?? "";
    for (const day of daysThatDependOn(key)) {
      const id = `${user} ${day}`;
      if (!dirty.has(id)) {
        dirty.set(id, { user, day, since: dynamodb?.SequenceNumber ?? "" });
      }
    }
  }
  return [...dirty.values()];
}

/**
 * Takes up once more the few days that failed: given back, they would bring with them every record
 * after the first of them, and all days of those be recomputed. Where most days fail, something is
 * down, and to ask again would only take the time that is left.
 */
async function refreshAll(deps: RollUpDeps, dirty: readonly DirtyUserDay[]) {
  const first = await refreshEach(deps, dirty);
  if (first.failed.length * 2 >= dirty.length) {
    return first;
  }
  const second = await refreshEach(deps, first.failed);
  return { failed: second.failed, unpriced: first.unpriced + second.unpriced };
}

async function refreshEach(deps: RollUpDeps, dirty: readonly DirtyUserDay[]) {
  const results = await inParallel(dirty, USER_DAYS_AT_ONCE, (userDay) => refresh(deps, userDay));
  return {
    failed: results.flatMap((result) => (result.kind === "failed" ? [result] : [])),
    unpriced: results.reduce((sum, result) => sum + result.newlyUnpricedCalls, 0),
  };
}

async function refresh({ watchSessions, ...deps }: RollUpDeps, { user, day, since }: DirtyUserDay) {
  // Said even if the watch fails: once they are stored, the next attempt finds them known.
  let newlyUnpricedCalls = 0;
  try {
    const recomputed = await recomputeUserDay(deps, user, day);
    newlyUnpricedCalls = recomputed.newlyUnpricedCalls;
    await watchSessions(recomputed.sessionDays);
    return { kind: "refreshed", newlyUnpricedCalls } as const;
  } catch (error) {
    return { kind: "failed", newlyUnpricedCalls, error, user, day, since } as const;
  }
}

/** Of a stream, Lambda retries everything from the first failed record on. */
function firstFailure(failed: readonly { readonly since: string }[]) {
  const [first] = failed.map(({ since }) => since).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return first === undefined ? [] : [{ itemIdentifier: first }];
}
