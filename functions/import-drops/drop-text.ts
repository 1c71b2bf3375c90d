import { utf8Text } from "../http/utf8.ts";

/** Some hundred thousand people. */
export const MAX_DROP_TEXT_BYTES = 20 * 1024 * 1024;

export type DropText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly message: string };

/** Reads a file that is only of use as a whole. Stops where it is larger than it may be. */
export async function dropText(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes = MAX_DROP_TEXT_BYTES,
): Promise<DropText> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > maxBytes) {
      return unreadable(`the file must not be larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const text = utf8Text(Buffer.concat(chunks));
  return text === undefined
    ? unreadable("the file is not UTF-8: save it as CSV UTF-8")
    : { kind: "text", text };
}

function unreadable(message: string): DropText {
  return { kind: "unreadable", message };
}
