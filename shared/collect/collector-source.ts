import type { Day } from "../ledger/roll-ups.ts";
import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { ProviderStatement } from "../reconciliation/provider-statement.ts";
import type { Reading } from "../usage/reading.ts";
import type { CollectorSettings } from "./collector-settings.ts";

/** Days to read: `[from, to)`, UTC. */
export type DaySpan = { readonly from: Day; readonly to: Day };

/**
 * One request that is still to be made. Kept between runs, so it holds no name of a person and no
 * link with a signature: a task that needs one says in `origin` what to begin with again.
 */
export type CollectTask = DaySpan & {
  /** Which of the source's requests. */
  readonly step: string;
  /** The source's own place in a sequence of pages. */
  readonly page?: string;
  /** What a request is about that must not be kept: a signed link, a person. */
  readonly about?: string;
  /** Kept in place of this task, which cannot be kept itself. */
  readonly origin?: CollectTask;
};

/** A request of a provider's API, without credentials. */
export type ApiRequest = {
  readonly method: "GET" | "POST";
  /** Below the base URL; or a whole URL, which gets no credentials. */
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Sent as JSON. */
  readonly body?: unknown;
  /** 404 means that there is nothing yet, and is read as an empty text. */
  readonly mayBeAbsent?: boolean;
};

/** What a source needs to know about a run to read a page. */
export type ReadContext = {
  /** When the page was asked for: what it says holds as of then, unless it says more itself. */
  readonly askedAtMs: number;
  /** From the source's people pages: the name to book a person under, by the one that reports have. */
  readonly people: ReadonlyMap<string, string>;
  readonly hash: IdentityHash;
};

/** What a row of a page turned out to be: a person's usage, or what no person is named for. */
export type RowReading =
  | Reading
  | { readonly kind: "statement"; readonly statement: ProviderStatement };

/** What a page turned out to be. */
export type PageReading = {
  readonly rows: readonly RowReading[];
  /** What to ask next, in place of the task that brought the page. */
  readonly next: readonly CollectTask[];
  /** People that the page names, for {@link ReadContext}. */
  readonly people?: ReadonlyMap<string, string>;
  /** Up to when the provider's figures are complete, if it says so. */
  readonly refreshedAtMs?: number;
};

/**
 * A provider's report: which requests to make, and what a page says. Pure: time, names and hashes
 * are given to it.
 */
export type CollectorSource<Settings extends CollectorSettings = CollectorSettings> = {
  /** Headers that carry the secret. */
  readonly credentials: (secret: string) => Readonly<Record<string, string>>;
  /** Shortest time between two requests, to stay below the provider's limit. */
  readonly minIntervalMs?: number;
  /** Read anew in each run, before anything else: who is who. */
  readonly peopleTasks?: (settings: Settings) => readonly CollectTask[];
  readonly plan: (days: DaySpan, settings: Settings) => readonly CollectTask[];
  readonly request: (task: CollectTask, settings: Settings) => ApiRequest;
  /** @throws {UnreadablePageError} if the page as a whole is not what the API documents. */
  readonly read: (
    task: CollectTask,
    text: string,
    context: ReadContext,
    settings: Settings,
  ) => PageReading;
};

/** The page is not what the API documents: nothing of it is taken, and it is asked for again. */
export class UnreadablePageError extends Error {
  override readonly name = "UnreadablePageError";

  constructor(step: string, fault: string) {
    super(`the answer to ${step} is not a page that can be read: ${fault}`);
  }
}
