import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The bytes end, or stop making sense, before the file does. What came before is good. */
export class CutOffError extends Error {
  override readonly name = "CutOffError";
}

const GZIP_MAGIC = [0x1f, 0x8b] as const;
/** What zlib says of bytes that end too early, or are not what the format has. */
const ZLIB_FAULT = /^Z_(?:BUF|DATA)_ERROR$/;

/**
 * The bytes as they are, or inflated if they begin as gzip does: names and headers can be wrong. Takes no
 * more from the source than the reader asks for.
 *
 * @throws {CutOffError} where a gzip file is cut off or damaged.
 */
export async function* inflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const head = await firstBytes(source);
  const whole = startingWith(head, source);
  if (GZIP_MAGIC.some((byte, at) => head[at] !== byte)) {
    yield* whole;
    return;
  }
  const compressed = Readable.from(whole, { objectMode: false });
  const gunzip = createGunzip();
  // An error of the source is not one of zlib: it has to reach the reader as it is.
  compressed.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of compressed.pipe(gunzip)) {
      yield chunk;
    }
  } catch (error) {
    throw isZlibFault(error) ? new CutOffError("the gzip data end early or are damaged") : error;
  } finally {
    compressed.destroy();
  }
}

async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < GZIP_MAGIC.length) {
    const { done, value } = await source.next();
    if (done) {
      break;
    }
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

async function* startingWith(
  head: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) {
      yield head;
    }
    for (let next = await source.next(); !next.done; next = await source.next()) {
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}

function isZlibFault(error: unknown): boolean {
  return error instanceof Error && "code" in error && ZLIB_FAULT.test(String(error.code));
}
