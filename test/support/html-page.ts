/** What a reader sees of a page: its text, without tags, in one line. */
export function textOfPage(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

/** Names of the tags of a page, each as often as it opens. */
export function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<([a-z0-9]+)/gi)].map(([, name = ""]) => name.toLowerCase());
}
