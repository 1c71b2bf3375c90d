import type { Random } from "../../infra/demo/random.ts";

/** What became of one body: how it was answered, and what was wrong with that. */
export type Verdict = {
  /** For counting, such as `400` or `refused`. */
  readonly answer: string;
  readonly faults: readonly string[];
};

/** Where bodies come in. It has stores of its own, and looks into them after each body. */
export type Door = { readonly feed: (body: Buffer, random: Random) => Promise<Verdict> };

/** A body that a sender really sends, and ways to spoil it. */
export type Seed = { readonly name: string; readonly spoil: (random: Random) => Buffer };

/** A parser at the door, behind the real handler that calls it. */
export type FuzzTarget = {
  readonly name: string;
  readonly seeds: () => readonly Seed[];
  readonly open: () => Door;
};
