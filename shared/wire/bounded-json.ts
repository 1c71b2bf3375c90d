export type JsonLimits = {
  /** Deepest nesting of arrays and objects. */
  readonly maxDepth: number;
  /** Most values in the whole text: two characters are enough to ask for an object. */
  readonly maxValues: number;
};

export type ParsedJson =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "malformed"; readonly message: string };

const QUOTE = '"'.charCodeAt(0);
const LINE_FEED = "\n".charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);

/** What a character outside of strings does to the depth, and how many values it announces. */
const MARKS: readonly (readonly [depth: number, values: number] | undefined)[] = Object.assign(
  new Array(128),
  {
    ["[".charCodeAt(0)]: [1, 1],
    ["{".charCodeAt(0)]: [1, 1],
    [",".charCodeAt(0)]: [0, 1],
    [LINE_FEED]: [0, 1],
  },
  { ["]".charCodeAt(0)]: [-1, 0], ["}".charCodeAt(0)]: [-1, 0] },
);

/**
 * Parses JSON that someone else wrote, within limits that are checked before anything is built.
 * The message says what is wrong without quoting the text.
 */
export function parseBoundedJson(text: string, limits: JsonLimits): ParsedJson {
  const excess = exceededJsonLimit(text, limits);
  if (excess !== undefined) {
    return { kind: "malformed", message: excess };
  }
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "malformed", message: "must be valid JSON" };
  }
}

/**
 * Says which limit a text breaks, if any: to be asked before a text is parsed. Every line counts as
 * a value, so that the answer holds for one JSON text and for one a line.
 */
export function exceededJsonLimit(text: string, limits: JsonLimits): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    const mark = MARKS[code];
    if (mark !== undefined) {
      depth += mark[0];
      values += mark[1];
      if (depth > limits.maxDepth || values > limits.maxValues) {
        return `must not be nested deeper than ${limits.maxDepth}, nor hold more than ${limits.maxValues} values`;
      }
    }
  }
  return undefined;
}

/** Where the string that starts at `start` ends. A line break ends it too: no JSON string holds one. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === LINE_FEED) {
      return at;
    }
    if (code === BACKSLASH) {
      at += 1;
    }
  }
  return text.length;
}
