/**
 * A draw that depends on nothing but its arguments, uniform in [0, 1): event n of a seed is the same
 * whoever asks for it, and whenever. Mixing is that of MurmurHash3's finaliser.
 */
export function draw(seed: number, index: number, purpose: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = mixed(hash ^ Math.imul(purpose + 1, 0x27d4eb2f));
  return mixed(hash ^ index) / 4_294_967_296;
}

/** Uniform whole number in [0, below). */
export function drawWhole(seed: number, index: number, purpose: number, below: number): number {
  return Math.floor(draw(seed, index, purpose) * below);
}

export function drawFrom<T>(
  from: readonly [T, ...T[]],
  seed: number,
  index: number,
  purpose: number,
): T {
  return from[drawWhole(seed, index, purpose, from.length)] ?? from[0];
}

function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
