import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { NamesOf } from "../../shared/directory/names-of-person.ts";
import { daysThatDependOn } from "../../shared/ledger/across-midnight.ts";
import type { Day, SessionDay } from "../../shared/ledger/roll-ups.ts";
import { userDayOfSegment } from "../../shared/ledger/segment.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { newlyUnpricedCalls, type RecomputeDeps, recomputeDay } from "./recompute-day.ts";

const DAYS_AT_ONCE = 8;

export type RollUpDeps = RecomputeDeps & {
  /** What the directory knows of names. */
  readonly namesOf: () => Promise<NamesOf>;
  /**
   * Looks at the sessions of a day that has new spend. Called for all of them, stored anew or not: a
   * batch that failed after its writes comes again.
   */
  readonly watchSessions: (sessions: readonly SessionDay[]) => Promise<void>;
};

/**
 * Recomputes the roll-ups of every person's day that a batch of the ledger's stream touches, under all of
 * the person's names. The stream only says which keys are dirty, so records may come twice, late, or in
 * any order.
 */
export function rollUpHandler(deps: RollUpDeps) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const dirty = dirtyDays(event.Records, await deps.namesOf());
    const { failed, unpriced } = await refreshAll(deps, dirty);
    if (unpriced > 0) {
      emitMetrics({ UnpricedCalls: unpriced });
    }
    for (const { error, names, day } of failed) {
      console.error({ message: "roll-up failed", user: names[0], day, error });
    }
    console.info({ records: event.Records.length, days: dirty.length, failed: failed.length });
    return { batchItemFailures: firstFailure(failed) };
  };
}

type DirtyDay = {
  /** All names of the person. */
  readonly names: readonly UserPseudonym[];
  readonly day: Day;
  /** Sequence number of the first record that made it dirty: where a retry has to start. */
  readonly since: string;
};

function dirtyDays(records: readonly DynamoDBRecord[], namesOf: NamesOf): readonly DirtyDay[] {
  const dirty = new Map<string, DirtyDay>();
  for (const { dynamodb } of records) {
    const key = { pk: dynamodb?.Keys?.["pk"]?.S ?? "", sk: dynamodb?.Keys?.["sk"]?.S ?? "" };
    const names = namesOf(userDayOfSegment(key)?.user ?? "");
    for (const day of daysThatDependOn(key)) {
      const id = `${names[0]} ${day}`;
      if (!dirty.has(id)) {
        dirty.set(id, { names, day, since: dynamodb?.SequenceNumber ?? "" });
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
async function refreshAll(deps: RollUpDeps, dirty: readonly DirtyDay[]) {
  const first = await refreshEach(deps, dirty);
  if (first.failed.length * 2 >= dirty.length) {
    return first;
  }
  const second = await refreshEach(deps, first.failed);
  return { failed: second.failed, unpriced: first.unpriced + second.unpriced };
}

async function refreshEach(deps: RollUpDeps, dirty: readonly DirtyDay[]) {
  const results = await inParallel(dirty, DAYS_AT_ONCE, (each) => refresh(deps, each));
  return {
    failed: results.flatMap((result) => (result.kind === "failed" ? [result] : [])),
    unpriced: results.reduce((sum, result) => sum + result.unpriced, 0),
  };
}

async function refresh({ watchSessions, ...deps }: RollUpDeps, { names, day, since }: DirtyDay) {
  // Said even if the watch fails: once they are stored, the next attempt finds them known.
  let unpriced = 0;
  try {
    const recomputed = await recomputeDay(deps, names, day);
    unpriced = newlyUnpricedCalls(recomputed);
    await watchSessions(recomputed.flatMap(({ sessionDays }) => sessionDays));
    return { kind: "refreshed", unpriced } as const;
  } catch (error) {
    return { kind: "failed", unpriced, error, names, day, since } as const;
  }
}

/** Of a stream, Lambda retries everything from the first failed record on. */
function firstFailure(failed: readonly { readonly since: string }[]) {
  const [first] = failed.map(({ since }) => since).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return first === undefined ? [] : [{ itemIdentifier: first }];
}
