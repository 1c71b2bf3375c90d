import type { Day } from "../ledger/roll-ups.ts";
import { type AlertAnswers, ANSWERS, type Answer, answererOf } from "./alert-answer.ts";
import { type AlertCase, isResolved, lastTold } from "./alert-case.ts";
import { ANSWER_WORDS, answerChanges, answerEffect, LONGEST_SHOWN_ID } from "./answer-words.ts";
import { explain } from "./explanation.ts";
import { escapedHtml, type Html, html } from "./html-text.ts";
import { named, type Phrase, textOf } from "./phrase.ts";
import { wordsOf } from "./words/alert-words.ts";
import { timeWords } from "./words/common-words.ts";

/** What a page holds; whoever serves it puts it into a document. */
export type Page = { readonly title: string; readonly main: Html };

const BUTTONS = {
  waste: "Waste",
  expected: "Expected",
  planned: "Planned",
  "wrong-data": "Wrong data",
} as const satisfies Record<Answer, string>;

export type AnswerPageOptions = {
  /** The last day, in UTC, on which the link works. */
  readonly lastDay: Day;
  /** Whether an answer has just come in. */
  readonly isRecorded: boolean;
};

/** What an alert is about, in no more words than its message has, what was answered, and a form to answer. */
export function answerPage(known: AlertCase, options: AnswerPageOptions): Page {
  const { alert, answers } = known;
  const { headline } = explain(lastTold(known));
  const [heading, standing] = standingOf(known, options);
  return {
    title: heading,
    main: html`<h1>${heading}</h1>
${standing}
${answers === undefined ? "" : html`<h2>The alert</h2>`}
<p><strong>${headline}</strong></p>
<p>${phraseHtml(wordsOf(alert).spent)}</p>
<form method="post">
${answers === undefined ? "" : html`<h2>Another answer</h2>`}
<div class="answers">
${ANSWERS.map((answer) => button(answer, answers?.last.answer))}
</div>
<p>${phraseHtml(answerEffect(alert.unit))} The last answer counts.</p>
</form>
<footer>
<p>Alert id: <code>${named(alert.id, LONGEST_SHOWN_ID).name}</code></p>
<p>This link is for this one alert, and works until ${options.lastDay} (UTC). Whoever has it can answer.</p>
</footer>`,
  };
}

function standingOf(
  known: AlertCase,
  { isRecorded }: AnswerPageOptions,
): readonly [string, readonly Html[]] {
  const { alert, answers } = known;
  if (answers !== undefined) {
    const { answer } = answers.last;
    return [
      `${isRecorded ? "Recorded" : "Answered"}: ${BUTTONS[answer].toLowerCase()}`,
      [
        html`<p role="status">${sentence(ANSWER_WORDS[answer])} ${answerChanges(alert.unit, answer)}</p>`,
        html`<p>${givenWords(answers)}</p>`,
      ],
    ];
  }
  return isResolved(known)
    ? [
        "No answer is needed",
        [
          html`<p>Work was delivered since, and the alert is closed. You can answer all the same.</p>`,
        ],
      ]
    : ["What was this spend?", []];
}

function givenWords({ last, earlier: [before] }: AlertAnswers): string {
  const given = `Given ${timeWords(last.atMs)}, by ${answererOf(last)}.`;
  return before === undefined
    ? given
    : `${given} Before, it was ${BUTTONS[before.answer].toLowerCase()}, by ${answererOf(before)}.`;
}

function button(answer: Answer, present: Answer | undefined): Html {
  const mark = answer === present ? html` <em>(the answer now)</em>` : "";
  return html`<button name="answer" value="${answer}"><b>${BUTTONS[answer]}${mark}</b><span>${sentence(ANSWER_WORDS[answer])}</span></button>
`;
}

/** `it was so` becomes `It was so.` */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function phraseHtml(phrase: Phrase): Html {
  return {
    html: textOf(phrase, (name) => `<code>${escapedHtml(name)}</code>`, escapedHtml),
  };
}

/** What is shown instead of the form. What does not exist and what is not allowed look the same. */
export const ERROR_PAGES = {
  unknown: errorPage(
    "This link leads to no alert",
    "It may be cut off or changed on its way. Open the one in the message again, as a whole.",
  ),
  expired: errorPage(
    "This link has expired",
    "The alert can still be answered: tell whoever operates Outpace for you its id, which the message holds.",
  ),
  unreadable: errorPage(
    "That was no answer",
    "Nothing was recorded. Open the link in the message again, and choose one of the four answers.",
  ),
  unavailable: errorPage(
    "This page cannot be shown right now",
    "Try again in a minute. The alert waits, and answering twice does no harm.",
  ),
} as const;

function errorPage(title: string, text: string): Page {
  return {
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>`,
  };
}
