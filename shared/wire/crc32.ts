/** CRC-32/ISO-HDLC, reflected form (the polynomial of ISO 3309, zlib and PNG). */
const POLYNOMIAL = 0xedb88320;

/** CRC-32 of the UTF-8 bytes of a text, as zlib computes it: an unsigned 32-bit number. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
