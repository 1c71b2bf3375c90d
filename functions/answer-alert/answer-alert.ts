import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { AlertCase } from "../../shared/alerts/alert-case.ts";
import { readAnswerForm } from "../../shared/alerts/answer-form.ts";
import type { LinkedAnswer } from "../../shared/alerts/answer-link.ts";
import { answerPage, ERROR_PAGES } from "../../shared/alerts/answer-page.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import { readToken } from "../adapters/answer-links.ts";
import { mediaType } from "../http/content-type.ts";
import { htmlPage } from "../http/html-page.ts";
import { sentBytes } from "../http/request-body.ts";
import { utf8Text } from "../http/utf8.ts";
import { answerUnavailable } from "../middleware/answer-unavailable.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";

export type AnswerAlertDeps = {
  readonly register: Pick<AlertRegister, "find" | "answer">;
  /** The secrets that links are signed with: two while one takes the place of the other. */
  readonly linkSecrets: () => Promise<readonly string[]>;
  readonly nowMs: () => number;
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

type Answer = APIGatewayProxyStructuredResultV2;

export type AnswerAlertHandler = middy.MiddyfiedHandler<APIGatewayProxyEventV2, Answer>;

/** Time left for the answer: a function that runs out of time is a 500 in a browser. */
const ANSWER_BEFORE_TIMEOUT_MS = 500;
/** The form holds one of four words. */
const MAX_BODY_BYTES = 1_024;
const FORM = "application/x-www-form-urlencoded";

/**
 * The page behind the link in an alert's message. `GET` shows the alert and records nothing, as mail
 * scanners and chat previews open links too, and `HEAD` says only whether it would; `POST` records an answer.
 */
export function answerAlertHandler(deps: AnswerAlertDeps): AnswerAlertHandler {
  return (
    middy<APIGatewayProxyEventV2, Answer>({ timeoutEarlyInMillis: ANSWER_BEFORE_TIMEOUT_MS })
      .use(
        answerUnavailable((event: APIGatewayProxyEventV2) =>
          asAsked(event, htmlPage(503, ERROR_PAGES.unavailable)),
        ),
      )
      .use(logInvocation())
      // The page of an error is an answer, and so no error of the function: this is what operators see.
      .use({ onError: () => deps.emitMetrics({ AnswersFailed: 1 }) })
      .handler(async (event: APIGatewayProxyEventV2) => asAsked(event, await answered(event, deps)))
  );
}

async function answered(event: APIGatewayProxyEventV2, deps: AnswerAlertDeps): Promise<Answer> {
  const token = event.pathParameters?.["link"] ?? "";
  const reading = readToken(token, await deps.linkSecrets(), deps.nowMs());
  switch (reading.kind) {
    case "unknown":
      return turnedAway(event, 404, "unknown");
    case "expired":
      return turnedAway(event, 410, "expired");
    case "allowed":
      return await withinLink(event, reading.link, deps);
  }
}

/** Who asks with `HEAD` gets the status and the headers. */
function asAsked({ routeKey }: APIGatewayProxyEventV2, answer: Answer): Answer {
  return routeKey.startsWith("HEAD ") ? { ...answer, body: "" } : answer;
}

/** Answers whoever has a link that is signed by us. */
async function withinLink(
  event: APIGatewayProxyEventV2,
  link: LinkedAnswer,
  deps: AnswerAlertDeps,
): Promise<Answer> {
  const known = await deps.register.find(link);
  if (known === undefined) {
    return turnedAway(event, 404, "unknown");
  }
  return event.routeKey.startsWith("POST ")
    ? await record(event, known, link, deps)
    : htmlPage(200, answerPage(known, { lastDay: link.lastDay, isRecorded: false }));
}

async function record(
  event: APIGatewayProxyEventV2,
  known: AlertCase,
  { lastDay, owner }: LinkedAnswer,
  { register, nowMs }: AnswerAlertDeps,
): Promise<Answer> {
  const body = sentBytes(event, { maxBytes: MAX_BODY_BYTES, maxRatio: 1 });
  if (body.kind === "refused") {
    return turnedAway(event, body.status, "unreadable");
  }
  const isForm = mediaType(event.headers) === FORM;
  const answer = isForm ? readAnswerForm(utf8Text(body.bytes) ?? "") : undefined;
  if (answer === undefined) {
    return turnedAway(event, isForm ? 400 : 415, "unreadable");
  }
  const by = { by: owner, via: "link" } as const;
  const answers = await register.answer(known.alert, { answer, ...by, atMs: nowMs() });
  addToInvocationLog(event, { answered: answers.last.answer });
  return htmlPage(200, answerPage({ ...known, answers }, { lastDay, isRecorded: true }));
}

function turnedAway(
  event: APIGatewayProxyEventV2,
  status: number,
  page: Exclude<keyof typeof ERROR_PAGES, "unavailable">,
): Answer {
  addToInvocationLog(event, { turnedAway: page });
  return htmlPage(status, ERROR_PAGES[page]);
}
