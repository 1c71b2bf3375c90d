import type { Random } from "../../infra/demo/random.ts";
import { varint } from "../support/protobuf-encode.ts";
import { hostileDepth, hostileText } from "./hostile-values.ts";
import { type WireField, wireBytes, wireFields } from "./protobuf-tree.ts";

const STOPS_HERE = 0.15;
const MOST_COPIES = 200;
const HIGHEST_KNOWN_FIELD = 16;

/** Two bytes a message. */
const EMPTY_MESSAGES = Buffer.from("0a00".repeat(20_000), "hex");

/** A message with one field of it, however deep, changed in one way. */
export function mutateProtobuf(fields: readonly WireField[], random: Random): readonly WireField[] {
  const at = random.whole(0, fields.length - 1);
  const field = fields[at];
  if (field === undefined) {
    return [
      { number: random.whole(1, HIGHEST_KNOWN_FIELD), wireType: 2, content: hostileBytes(random) },
    ];
  }
  const { content } = field;
  if (!Buffer.isBuffer(content) && !random.chance(STOPS_HERE)) {
    const inside = mutateProtobuf(content as readonly WireField[], random);
    return fields.with(at, { ...field, content: inside });
  }
  return random.pick<() => readonly WireField[]>([
    () => fields.toSpliced(at, 1),
    () => fields.toSpliced(at, 0, ...copies(field, random)),
    () => fields.with(at, { ...field, number: random.whole(0, HIGHEST_KNOWN_FIELD) }),
    () => fields.with(at, { ...field, wireType: random.whole(0, 7) }),
    () => fields.with(at, { ...field, wireType: 2, content: hostileBytes(random) }),
    () => fields.with(at, { ...field, content: hostileBytes(random) }),
    () => fields.with(at, nested(field, random)),
    () => fields.with(at, { ...field, content: random.pick([field, ...fields]).content }),
  ])();
}

function hostileBytes(random: Random): Buffer {
  return random.pick<() => Buffer>([
    () => Buffer.from(hostileText(random)),
    () => Buffer.from(random.hex(2 * random.whole(0, 24)), "hex"),
    () => varint(2n ** BigInt(random.whole(0, 64)) - 1n),
    () => Buffer.alloc(11, 0xff),
    // A length of four gigabytes with nothing behind it.
    () => Buffer.concat([varint(10n), varint(0xffff_ffffn)]),
    // NaN, infinity, and the largest unsigned number, as eight bytes.
    () =>
      Buffer.from(random.pick(["000000000000f87f", "000000000000f07f", "ffffffffffffffff"]), "hex"),
    () => (random.chance(0.1) ? EMPTY_MESSAGES : Buffer.alloc(0)),
  ])();
}

/** An `AnyValue` in a list in an `AnyValue`, and so on. */
function nested(field: WireField, random: Random): WireField {
  const depth = Math.min(1_000, hostileDepth(random));
  let bytes: Buffer = wireBytes([field]);
  for (let level = 0; level < depth; level += 1) {
    const list = Buffer.concat([Buffer.from([0x0a]), varint(BigInt(bytes.length)), bytes]);
    bytes = Buffer.concat([Buffer.from([0x2a]), varint(BigInt(list.length)), list]);
  }
  return { ...field, wireType: 2, content: bytes };
}

function copies(field: WireField, random: Random): readonly WireField[] {
  const isBig = wireBytes([field]).length > 5_000;
  return Array.from({ length: isBig ? 2 : random.whole(1, MOST_COPIES) }, () => field);
}

/** @throws {Error} if the fixture is no message. */
export function protobufSeed(bytes: Buffer): readonly WireField[] {
  const fields = wireFields(bytes);
  if (fields === undefined) {
    throw new Error("the seed is not in Protocol Buffers wire format");
  }
  return fields;
}
