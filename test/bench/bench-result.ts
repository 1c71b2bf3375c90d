/** What a benchmark came to: a page for people, the same figures for programs, and goals not met. */
export type BenchResult = {
  readonly markdown: string;
  readonly figures: unknown;
  readonly missed: readonly string[];
};

export type Bench = () => Promise<BenchResult>;
