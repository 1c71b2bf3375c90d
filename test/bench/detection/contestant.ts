import type { JudgedOrganisation } from "./judged-organisation.ts";

/** What a judge says of one person's week. */
export type Verdict = {
  /** The higher, the more suspicious; comparable within one organisation. */
  readonly score: number;
  readonly isFlagged: boolean;
  /** Day on which it would be told, where that is before the week is over. */
  readonly day?: string;
};

/** Judges every person's test weeks; keys are {@link weekKey}. What is absent is not suspicious. */
export type Contestant = {
  readonly name: string;
  readonly judge: (organisation: JudgedOrganisation) => ReadonlyMap<string, Verdict>;
};
