import type { Name, Phrase } from "./phrase.ts";

export type ExplanationSection = {
  readonly title: string;
  /** Sentences of one paragraph. */
  readonly text: readonly Phrase[];
  /** A list below the paragraph. */
  readonly items: readonly Phrase[];
  /** To be typed as they are, so never broken into lines. */
  readonly commands?: readonly Name[];
};
