/** What a benchmark came to: a page for people, the same figures for programs, and goals not met. */
export type BenchResult = {
  readonly markdown: string;
  readonly figures: unknown;
  readonly missed: readonly string[];
  /** Set for a run that is not the whole benchmark: it is printed, and not kept. */
  readonly isPartial?: boolean;
};

/** What to run of a benchmark that can run in part. */
export type BenchOptions = {
  readonly seeds?: string | undefined;
  readonly scenario?: string | undefined;
};

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
