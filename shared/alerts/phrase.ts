/**
 * A text that somebody outside chose: a session, a task, a repository, a model. It is shown and
 * never interpreted. Only {@link named} makes one.
 */
export type Name = { readonly name: string };

/** Our own words with names in between, so that each channel can escape the names in its own way. */
export type Phrase = readonly (string | Name)[];

const LONGEST_NAME = 80;

/**
 * Makes an outside text safe to show anywhere: one line, no control or invisible characters, at most
 * `longest` characters, and nothing that a mail or chat client turns into a link.
 */
export function named(text: string, longest = LONGEST_NAME): Name {
  const oneLine = text
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .replace(/\p{C}/gu, "")
    .trim();
  const characters = [...oneLine];
  const short =
    characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : oneLine;
  return { name: withoutLinks(short) || "(no name)" };
}

/** The usual defanging: `https[:]//evil[.]example`. */
function withoutLinks(text: string): string {
  return text.replace(/:\/\//g, "[:]//").replace(/\.(?=\p{L}{2})/gu, "[.]");
}

/** Template tag for a phrase. What is inserted is our own text, a number, a name or a phrase. */
export function say(
  words: TemplateStringsArray,
  ...inserted: readonly (string | number | Name | Phrase)[]
): Phrase {
  return words.flatMap((text, index) => [text, ...asPhrase(inserted[index] ?? "")]);
}

function asPhrase(part: string | number | Name | Phrase): Phrase {
  if (typeof part === "string" || typeof part === "number") {
    return [`${part}`];
  }
  return "name" in part ? [part] : part;
}

/** A list in a sentence: `a, b and c`. */
export function listed(items: readonly (string | Name)[]): Phrase {
  return items.flatMap((item, index) => {
    if (index === 0) {
      return [item];
    }
    return [index === items.length - 1 ? " and " : ", ", item];
  });
}

/** A phrase as text, with each name written by `writeName`; plain text unless told. */
export function textOf(
  phrase: Phrase,
  writeName: (name: string) => string = (name) => name,
  writeWords: (words: string) => string = (words) => words,
): string {
  return phrase
    .map((part) => (typeof part === "string" ? writeWords(part) : writeName(part.name)))
    .join("");
}
