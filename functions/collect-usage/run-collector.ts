import {
  type CollectorProgress,
  daysToRead,
  tasksToKeep,
} from "../../shared/collect/collector-progress.ts";
import type { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import type {
  CollectorSource,
  CollectTask,
  DaySpan,
} from "../../shared/collect/collector-source.ts";
import { dayOf } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { CollectorProgressStore } from "../../shared/ports/collector-progress-store.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { ApiRefusedError, ApiUnavailableError, type AskApi } from "./ask-api.ts";
import { emptyTally, type RunTally, tallied } from "./run-tally.ts";
import { type PageStores, storePage } from "./store-page.ts";

export type RunDeps = {
  readonly settings: CollectorSettings;
  readonly source: CollectorSource;
  readonly ask: AskApi;
  readonly progress: CollectorProgressStore;
  readonly stores: PageStores;
  readonly hash: IdentityHash;
  readonly nowMs: () => number;
};

/** What a run came to. `interrupted`: it goes on from there the next time, because of `why`. */
export type RunResult = RunTally & {
  readonly outcome: "finished" | "interrupted";
  readonly why?: string;
};

/**
 * Reads what a collector has to read now: what an earlier run left, then the days since. Page by
 * page: a page is asked for, stored, and only then left behind, so a run that dies anywhere is
 * continued and loses nothing.
 *
 * @throws {ApiRefusedError} if the API does not want the request; what is stored stays.
 * @throws {UnreadablePageError} if a page as a whole is not what the API documents.
 * @throws {LedgerUnavailableError}
 */
export async function runCollector(deps: RunDeps): Promise<RunResult> {
  const run = { tally: emptyTally(), people: new Map<string, string>() };
  const { settings, source, progress } = deps;
  try {
    await readPeople(deps, run);
    const kept = await finishUnfinished(deps, run, await progress.read(settings.id));
    const days = daysToRead(kept, settings.since, deps.nowMs());
    await readAll(deps, run, { kept, days, tasks: source.plan(days, settings) });
    return { ...run.tally, outcome: "finished" };
  } catch (error) {
    if (error instanceof ApiUnavailableError) {
      return { ...run.tally, outcome: "interrupted", why: error.message };
    }
    throw error;
  }
}

/** What grows while a run goes on. */
type Run = { tally: RunTally; readonly people: Map<string, string> };

/** Who is behind the provider's ids. Names are never kept between runs. */
async function readPeople(deps: RunDeps, run: Run): Promise<void> {
  const tasks = [...(deps.source.peopleTasks?.(deps.settings) ?? [])];
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    const { next, people = new Map() } = await readPage(deps, run, task);
    for (const [id, email] of people) {
      run.people.set(id, email);
    }
    tasks.unshift(...next);
  }
}

async function finishUnfinished(
  deps: RunDeps,
  run: Run,
  kept: CollectorProgress,
): Promise<CollectorProgress> {
  const { unfinished } = kept;
  if (unfinished === undefined) {
    return kept;
  }
  const days = { from: unfinished.until, to: unfinished.until };
  try {
    return await readAll(deps, run, { kept, days, tasks: unfinished.tasks });
  } catch (error) {
    if (error instanceof ApiRefusedError && error.status !== 401 && error.status !== 403) {
      // A place in a sequence of pages does not last: the days are read from their beginning.
      return kept.readUntil === undefined ? {} : { readUntil: kept.readUntil };
    }
    throw error;
  }
}

type Reading = {
  readonly kept: CollectorProgress;
  readonly days: DaySpan;
  readonly tasks: readonly CollectTask[];
};

/** Reads and stores page after page, and keeps how far it is after each. */
async function readAll(
  deps: RunDeps,
  run: Run,
  { kept, days, tasks }: Reading,
): Promise<CollectorProgress> {
  const { progress, settings, stores, nowMs } = deps;
  const readUntil = kept.readUntil === undefined ? {} : { readUntil: kept.readUntil };
  let left: readonly CollectTask[] = tasks;
  let until = earlier(days.to, dayOf(nowMs()));
  for (let [task] = left; task !== undefined; [task] = left) {
    const page = await readPage(deps, run, task);
    run.tally = tallied(run.tally, await storePage(page.rows, settings.id, stores));
    left = [...page.next, ...left.slice(1)];
    until = page.refreshedAtMs === undefined ? until : earlier(until, dayOf(page.refreshedAtMs));
    if (left.length > 0) {
      const unfinished = { until, tasks: tasksToKeep(left) };
      await progress.write(settings.id, { ...readUntil, unfinished });
    }
  }
  const finished = { readUntil: until };
  await progress.write(settings.id, finished);
  return finished;
}

async function readPage(
  { ask, source, settings, hash, nowMs }: RunDeps,
  run: Run,
  task: CollectTask,
) {
  const askedAtMs = nowMs();
  const text = await ask(task.step, source.request(task, settings));
  return source.read(task, text, { askedAtMs, people: run.people, hash }, settings);
}

function earlier(a: Day, b: Day): Day {
  return a < b ? a : b;
}
