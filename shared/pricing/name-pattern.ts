/**
 * A pattern for names: `*` stands for any text, also none; everything else for itself, in upper or
 * lower case. Not a regular expression, so no pattern can make a match slow.
 */
export type NamePattern = string;

/** Whether a whole name fits. Each part between stars is looked for once, from left to right. */
export function isNamedBy(pattern: NamePattern, name: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const text = name.toLowerCase();
  const last = rest.pop();
  if (last === undefined) {
    return text === first;
  }
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) {
      return false;
    }
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

/** Whether every name that `narrow` fits, fits `wide` too. A star in `narrow` only fits a star. */
export function covers(wide: NamePattern, narrow: NamePattern): boolean {
  return isNamedBy(wide, narrow);
}
