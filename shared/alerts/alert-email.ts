import type { Explanation } from "./explanation.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { textOf } from "./phrase.ts";

const LINE_WIDTH = 76;
const LONGEST_SUBJECT = 99;

/** The explanation as plain text, for people: SNS sends no other kind of e-mail. */
export function emailText({ headline, findings, nextSteps }: Explanation): string {
  return [wrapped(headline), ...[...findings, ...nextSteps].map(sectionText)]
    .join("\n\n")
    .concat("\n");
}

/**
 * Subject of the e-mail: ASCII, one line, at most 99 characters, a letter first. SNS refuses the
 * whole message for any other.
 */
export function emailSubject({ subject }: Pick<Explanation, "subject">): string {
  const ascii = subject
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\x20-\x7e]+/g, " ")
    .replace(/ +/g, " ")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, LONGEST_SUBJECT)
    .trim();
  return ascii === "" ? "Outpace" : ascii;
}

function sectionText({
  title,
  links = [],
  text,
  items,
  commands = [],
}: ExplanationSection): string {
  const paragraph = text.map((sentence) => textOf(sentence)).join(" ");
  return [
    title.toUpperCase(),
    ...links.map(({ label, url }) => `${label}: ${url}`),
    ...(paragraph === "" ? [] : [wrapped(paragraph)]),
    ...items.map((item) => wrapped(`- ${textOf(item)}`, "  ")),
    ...commands.map(({ name }) => `  ${name}`),
  ].join("\n");
}

/** Breaks at spaces; a word longer than a line stays whole. */
function wrapped(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}
