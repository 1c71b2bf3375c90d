import type { Random } from "../../infra/demo/random.ts";

const LONGEST_CUT = 64;
/** A byte order mark, a lone surrogate, an overlong slash, NUL, the magic numbers of gzip and UTF-16. */
const STRANGE: readonly [string, ...string[]] = [
  "efbbbf",
  "eda080",
  "c0af",
  "00",
  "1f8b",
  "1f8b0800000000000003",
  "fffe",
  "ff",
  "0a",
  "2c2c2c2c",
  "5b5b5b5b5b5b5b5b",
];

/** Bytes that were cut, flipped, repeated or mixed with others on their way. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.whole(0, bytes.length);
  const length = random.whole(1, LONGEST_CUT);
  return random.pick<() => Buffer>([
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
    () => withoutBytes(bytes, at, length),
    () => inserted(bytes, at, bytes.subarray(at, at + length)),
    () => inserted(bytes, at, Buffer.from(random.pick(STRANGE), "hex")),
    () => inserted(bytes, at, Buffer.from(random.hex(2 * length), "hex")),
    () => flipped(bytes, random),
    () => flipped(bytes, random),
    () => flipped(bytes, random),
  ])();
}

function withoutBytes(bytes: Buffer, at: number, length: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
}

function inserted(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

/** One to eight bits. */
function flipped(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const flips = changed.length === 0 ? 0 : random.whole(1, 8);
  for (let n = 0; n < flips; n += 1) {
    const at = random.whole(0, changed.length - 1);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.whole(0, 7)), at);
  }
  return changed;
}
