import type { Alert } from "./alert.ts";
import type { Explanation } from "./explanation.ts";
import type { ExplanationSection } from "./explanation-section.ts";
import { type Phrase, textOf } from "./phrase.ts";
import { unitKey } from "./unit-period.ts";

/**
 * Custom notification of Amazon Q Developer in chat applications. A message of any other shape is
 * dropped without an error. Its field lengths are not documented; Slack takes 3,000 characters in a
 * section.
 */
export type ChatNotification = {
  readonly version: "1.0";
  readonly source: "custom";
  readonly id: string;
  readonly content: {
    readonly textType: "client-markdown";
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
};

const LONGEST_DESCRIPTION = 2_900;
const LONGEST_THREAD_ID = 128;
const SHORTENED = "_The e-mail about this alert says more._";

/** The explanation for a chat channel. Names are shown as code, where no mention or link works. */
export function chatNotification(alert: Alert, explanation: Explanation): ChatNotification {
  return {
    version: "1.0",
    source: "custom",
    id: plainId(alert.id),
    content: {
      textType: "client-markdown",
      title: titleOf(alert),
      description: description(explanation),
      nextSteps: [
        ...explanation.nextSteps.flatMap(linkLines),
        ...explanation.nextSteps.flatMap(linesOf),
      ],
      keywords: ["ai-spend", plainId(alert.team)],
    },
    metadata: {
      threadId: plainId(unitKey(alert.unit)).slice(0, LONGEST_THREAD_ID),
      summary: escaped(explanation.headline),
      eventType: alert.type,
      additionalContext: { alertId: plainId(alert.id), budgetOwner: plainId(alert.owner) },
    },
  };
}

const TITLES = {
  TOKENMAXXING: "AI spend is unusual for the work delivered",
  RUNAWAY: "One AI session costs unusually much",
  SPEND_SPIKE: "A day of unusually high AI spend",
  TEAM_SHIFT: "What delivered work costs has shifted",
} as const;

function titleOf({ type, review }: Alert): string {
  if (review?.of === undefined) {
    return TITLES[type];
  }
  return review.verdict === "resolved" ? "An alert is resolved" : "An alert is raised";
}

function description({ headline, findings }: Explanation): string {
  const lines = [
    escaped(headline),
    ...findings.flatMap((section) => ["", ...sectionLines(section)]),
  ];
  const whole = lines.join("\n");
  if (whole.length <= LONGEST_DESCRIPTION) {
    return whole;
  }
  const room = LONGEST_DESCRIPTION - SHORTENED.length - 2;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) {
      break;
    }
    kept.push(line);
  }
  return [...kept, "", SHORTENED].join("\n");
}

function sectionLines(section: ExplanationSection): readonly string[] {
  const paragraph = section.text.map(markdown).join(" ");
  return [
    `*${section.title}*`,
    ...(paragraph === "" ? [] : [paragraph]),
    ...section.items.map((item) => `• ${markdown(item)}`),
  ];
}

/** What a click does comes before what is to be read. */
function linkLines({ links = [] }: ExplanationSection): readonly string[] {
  return links.map(({ label, url }) => `<${url}|${escaped(label)}>`);
}

function linesOf({ text, items, commands = [] }: ExplanationSection): readonly string[] {
  return [...text, ...items, ...commands.map((command) => [command])].map(markdown);
}

function markdown(phrase: Phrase): string {
  return textOf(phrase, (name) => `\`${escaped(name.replaceAll("`", "'"))}\``, escaped);
}

/** What Slack asks to escape, and nothing else. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function plainId(id: string): string {
  return id.replace(/[^A-Za-z0-9._:#-]+/g, "-");
}
