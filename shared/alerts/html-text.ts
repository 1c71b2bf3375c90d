/** HTML that we wrote, with everything else in it escaped. Whoever makes one without {@link html} sees to that. */
export type Html = { readonly html: string };

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that stands for itself, in an element and in a quoted attribute. */
export function escapedHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

/** Template tag for HTML. Texts that are inserted are escaped; HTML, and lists of it, are not. */
export function html(
  words: TemplateStringsArray,
  ...inserted: readonly (string | Html | readonly Html[])[]
): Html {
  return {
    html: words.map((text, index) => `${text}${htmlOf(inserted[index] ?? "")}`).join(""),
  };
}

function htmlOf(part: string | Html | readonly Html[]): string {
  if (typeof part === "string") {
    return escapedHtml(part);
  }
  return "html" in part ? part.html : part.map((each) => each.html).join("");
}
