const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What may stand before the array: blanks, and the bytes of the mark that some programs put first. */
const BLANKS: ReadonlySet<number> = new Set([
  SPACE,
  TAB,
  LINE_FEED,
  CARRIAGE_RETURN,
  0xef,
  0xbb,
  0xbf,
]);

/**
 * Turns a JSON array into one element a line, whatever the size of the array, and leaves every other file as it
 * is. Works on bytes, without a look at what the elements are: a line that is no JSON is for the reader to say.
 */
export async function* jsonElements(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isArray: boolean | undefined;
  const toLines = arrayToLines();
  for await (const chunk of chunks) {
    isArray ??= beginsArray(chunk);
    yield isArray ? toLines(chunk) : chunk;
  }
}

/** Answers for the first bytes of a file; nothing, if they are all blank. */
function beginsArray(chunk: Uint8Array): boolean | undefined {
  const first = chunk.find((byte) => !BLANKS.has(byte));
  return first === undefined ? undefined : first === OPEN_ARRAY;
}

/** What a byte outside of texts does to the depth. */
const NESTING = new Int8Array(256);
NESTING[OPEN_ARRAY] = 1;
NESTING[OPEN_OBJECT] = 1;
NESTING[CLOSE_ARRAY] = -1;
NESTING[CLOSE_OBJECT] = -1;

/**
 * Puts line breaks between the elements of the outer array, and blanks over its own brackets and over line breaks
 * within elements: outside of texts, where JSON has none, both mean the same.
 */
function arrayToLines(): (chunk: Uint8Array) => Uint8Array {
  let depth = 0;
  let isInText = false;
  let isEscaped = false;
  const withinText = (byte: number) => {
    isInText = byte !== QUOTE || isEscaped;
    isEscaped = byte === BACKSLASH && !isEscaped;
  };
  const outsideText = (byte: number): number => {
    const before = depth;
    depth += NESTING[byte] ?? 0;
    isInText = byte === QUOTE;
    const isOuterMark = Math.min(before, depth) === 0 && before !== depth;
    if (isOuterMark || (byte === COMMA && depth === 1)) {
      return depth > before ? SPACE : LINE_FEED;
    }
    return byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte;
  };
  return (chunk) => {
    const lines = Buffer.from(chunk);
    for (let at = 0; at < lines.length; at += 1) {
      const byte = lines[at] ?? SPACE;
      if (isInText) {
        withinText(byte);
      } else {
        lines[at] = outsideText(byte);
      }
    }
    return lines;
  };
}
