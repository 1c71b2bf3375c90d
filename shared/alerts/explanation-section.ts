import type { Name, Phrase } from "./phrase.ts";

export type ExplanationSection = {
  readonly title: string;
  /** Sentences of one paragraph. */
  readonly text: readonly Phrase[];
  /** A list below the paragraph. */
  readonly items: readonly Phrase[];
  /** Links of our own, each on its own, before the text; a name never becomes one. */
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  /** To be typed as they are, so never broken into lines. */
  readonly commands?: readonly Name[];
};
