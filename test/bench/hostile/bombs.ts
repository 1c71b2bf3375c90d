import { createGzip, gzipSync } from "node:zlib";

/** A body that asks for far more work than it took to send, and how it has to be refused. */
export type Bomb = {
  readonly what: string;
  readonly path: string;
  readonly status: 400 | 413;
  readonly body: Buffer;
  /** After inflation, as its sender made it. */
  readonly inflatedBytes: number;
};

/** Of compressed bytes: Lambda takes 6 MB, and they come in base64. Beyond it AWS answers, not we. */
const MOST_BYTES = 4_500_000;
const MEBIBYTE = 1024 * 1024;
const DEPTH = 1_000_000;

/** What is refused with the least work: one byte of JSON that ends too soon. */
export const FLOOR: Bomb = {
  what: "one byte of malformed JSON",
  path: "/v1/logs",
  status: 400,
  body: Buffer.from("{"),
  inflatedBytes: 1,
};

/** Gzip bombs of one megabyte and of the most that reaches a function, and JSON a million levels deep. */
export async function bombs(): Promise<readonly Bomb[]> {
  const gibibyte = await zeros(1024 * MEBIBYTE);
  const copies = Math.floor(MOST_BYTES / gibibyte.length);
  // Members of gzip one after the other are gzip too.
  const many = Buffer.concat(Array.from({ length: copies }, () => gibibyte));
  const mixed = Buffer.concat([gzipSync(noise(3 * MEBIBYTE)), gibibyte]);
  const arrays = Buffer.from("[".repeat(DEPTH) + "]".repeat(DEPTH));
  // Closed, it would be more than Lambda takes.
  const objects = Buffer.from('{"":'.repeat(DEPTH));
  return [
    bomb("zeros, gzip", 413, gibibyte, 1024 * MEBIBYTE),
    bomb("zeros, gzip of many members", 413, many, copies * 1024 * MEBIBYTE),
    bomb("noise and then zeros, gzip", 413, mixed, 1027 * MEBIBYTE),
    bomb("arrays in arrays, a million deep", 400, arrays),
    bomb("objects in objects, a million deep, never closed", 400, objects),
    bomb("arrays in arrays, a million deep, gzip", 413, gzipSync(arrays), arrays.length),
    { ...bomb("arrays in arrays, a million deep", 400, arrays), path: "/v1/usage" },
  ];
}

function bomb(
  what: string,
  status: Bomb["status"],
  body: Buffer,
  inflatedBytes = body.length,
): Bomb {
  return { what, path: "/v1/logs", status, body, inflatedBytes };
}

/** Compressed piece by piece: so much is never in memory at once. */
async function zeros(bytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const piece = Buffer.alloc(MEBIBYTE);
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    gzip.once("end", resolve);
    gzip.once("error", reject);
  });
  for (let written = 0; written < bytes; written += piece.length) {
    await new Promise<void>((resolve) => gzip.write(piece, () => resolve()));
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Bytes that hardly compress, the same in each run. */
function noise(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer[at] = state >>> 24;
  }
  return buffer;
}
