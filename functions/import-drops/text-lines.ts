import { isUtf8 } from "node:buffer";

/** One line of a file, at its place. */
export type TextLine = {
  /** From 1, as an editor counts. */
  readonly number: number;
  readonly line:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "unreadable"; readonly message: string };
  /** Whether a line break ends it: the last line of a file that is still being written has none. */
  readonly isEnded: boolean;
};

/** Longest line: a record with a whole conversation and its images. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits bytes into lines of UTF-8, without empty ones. Holds no more than one chunk and one line: of a
 * longer line only the number is kept.
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<TextLine> {
  let number = 0;
  // What earlier chunks hold of the line that is being read.
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    length += piece.length;
    // A copy: a piece of a chunk would keep all of it alive.
    if (length > maxLineBytes) {
      pieces = [];
    } else if (piece.length > 0) {
      pieces.push(Buffer.from(piece));
    }
  };
  const lineWith = (rest: Buffer, isEnded: boolean): TextLine => {
    const isTooLong = length + rest.length > maxLineBytes;
    const bytes = pieces.length === 0 || isTooLong ? rest : Buffer.concat([...pieces, rest]);
    pieces = [];
    length = 0;
    number += 1;
    const line = isTooLong
      ? unreadable(`must not be longer than ${maxLineBytes} bytes`)
      : textOf(bytes, number === 1);
    return { number, line, isEnded };
  };
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = lineWith(chunk.subarray(start, end), true);
      start = end + 1;
      if (!isEmpty(line)) {
        yield line;
      }
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) {
    yield lineWith(Buffer.alloc(0), false);
  }
}

function textOf(bytes: Buffer, isFirst: boolean): TextLine["line"] {
  if (!isUtf8(bytes)) {
    return unreadable("must be UTF-8");
  }
  const start =
    isFirst && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
      ? BYTE_ORDER_MARK.length
      : 0;
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return { kind: "text", text: bytes.toString("utf8", start, end) };
}

function unreadable(message: string): TextLine["line"] {
  return { kind: "unreadable", message };
}

function isEmpty({ line }: TextLine): boolean {
  return line.kind === "text" && line.text.trim() === "";
}
