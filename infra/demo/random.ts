/** A stream of draws. Two streams of one seed and label are equal, draw by draw. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** Uniform in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** Uniform whole number in [low, high]. */
  readonly whole: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  /** Standard normal. */
  readonly normal: () => number;
  /** Log-normal with this median; `sigma` is the deviation of its logarithm. */
  readonly logNormal: (median: number, sigma: number) => number;
  /** A whole count with this mean: spread out, but steadier than chance alone would make it. */
  readonly count: (mean: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
  readonly hex: (length: number) => string;
  /** Letters and digits, as in provider request ids. */
  readonly token: (length: number) => string;
  /** Shaped as a version 4 UUID (RFC 9562). */
  readonly uuid: () => string;
};

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/**
 * A stream for one subject of the generator, so that what one person does never shifts the draws of
 * another.
 */
export function randomStream(seed: number, label: string): Random {
  const unit = sfc32(seed, label);
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const whole = (low: number, high: number) => low + Math.floor(unit() * (high - low + 1));
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[whole(0, alphabet.length - 1)]).join("");
  const hex = (length: number) => text("0123456789abcdef", length);
  return {
    unit,
    between: (low, high) => low + unit() * (high - low),
    whole,
    chance: (probability) => unit() < probability,
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    count: (mean) => Math.floor(mean * (0.4 + 1.2 * unit()) + unit()),
    pick: (from) => from[whole(0, from.length - 1)] ?? from[0],
    hex,
    token: (length) => text(BASE58, length),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${text("89ab", 1)}${hex(3)}-${hex(12)}`,
  };
}

/** Chris Doty-Humphrey's "small fast counting" generator of PractRand, 32 bits. */
function sfc32(seed: number, label: string): () => number {
  let a = fnv1a(label);
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 16; warmUp += 1) {
    next();
  }
  return next;
}

/** Fowler-Noll-Vo 1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}
