/** The bytes of a file in pieces of a size, as often as they are asked for. */
export function bytesOf(
  content: string | Uint8Array,
  chunkSize = Number.POSITIVE_INFINITY,
): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(content);
  return {
    async *[Symbol.asyncIterator]() {
      for (let start = 0; start < bytes.length; start += chunkSize) {
        yield bytes.subarray(start, start + chunkSize);
      }
    },
  };
}
