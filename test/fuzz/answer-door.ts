import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { signedToken } from "../../functions/adapters/answer-links.ts";
import { answerAlertHandler } from "../../functions/answer-alert/answer-alert.ts";
import type { Random } from "../../infra/demo/random.ts";
import type { AlertAnswer } from "../../shared/alerts/alert-answer.ts";
import { aWindowAlert } from "../support/alerts.ts";
import { aContext } from "../support/api-gateway-events.ts";
import { tagsOf } from "../support/html-page.ts";
import { inMemoryAlertOutbox } from "../support/in-memory-alert-outbox.ts";
import type { Door } from "./fuzz-target.ts";
import { MARKER } from "./hostile-values.ts";
import { httpRequest } from "./http-request.ts";
import { mutateBytes } from "./mutate-bytes.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW_MS = Date.parse("2026-10-13T08:02:00Z");
const LINK = {
  id: "week-user-017-2026-10-12",
  decided: "2026-10-12",
  lastDay: "2026-11-11",
  owner: "owner-shop",
};
const TOKEN = signedToken(LINK, SECRET);
const FORGED = 0.1;
const ROUTE = {
  routeKey: "POST /v1/alerts/{link}",
  contentType: "application/x-www-form-urlencoded",
  authorizer: undefined,
};
const REFUSALS = [400, 413, 415];
const TAGS = new Set(
  "html meta title style body p main h1 h2 strong code form div button b em span footer".split(" "),
);

/** The function of answer-alert behind its middleware, now and then with a link that we did not sign. */
export function answerDoor(): Door {
  return {
    feed: async (body, random) => {
      const { record, register } = inMemoryAlertOutbox();
      await record(aWindowAlert(), NOW_MS);
      const handler = answerAlertHandler({
        register,
        linkSecrets: async () => [SECRET],
        nowMs: () => NOW_MS,
        emitMetrics: () => undefined,
      });
      const link = random.chance(FORGED) ? spoilt(TOKEN, random) : TOKEN;
      const event = httpRequest({ ...ROUTE, pathParameters: { link } }, body, random);
      const answer = await handler(event, aContext());
      const stored = (await register.find(LINK))?.answers?.last;
      return {
        answer: String(answer.statusCode),
        faults: [...pageFaults(answer), ...recordFaults(answer, stored, link === TOKEN)],
      };
    },
  };
}

function spoilt(token: string, random: Random): string {
  return mutateBytes(Buffer.from(token), random).toString("utf8");
}

function pageFaults({ body = "", headers }: APIGatewayProxyStructuredResultV2): readonly string[] {
  return [
    ...(body.includes(MARKER) ? ["the page quotes what was sent"] : []),
    ...(tagsOf(body).every((tag) => TAGS.has(tag)) ? [] : ["the page has a tag that is not ours"]),
    ...(String(headers?.["content-security-policy"]).startsWith("default-src 'none'")
      ? []
      : ["the page has no policy"]),
  ];
}

/** A page says that an answer was recorded exactly if the register has one, and that one. */
function recordFaults(
  { statusCode, body = "" }: APIGatewayProxyStructuredResultV2,
  stored: AlertAnswer | undefined,
  isOurs: boolean,
): readonly string[] {
  if (!isOurs) {
    return statusCode === 404 && stored === undefined ? [] : ["a forged link is not unknown"];
  }
  if (stored === undefined) {
    return REFUSALS.includes(statusCode ?? 0) && body.includes("Nothing was recorded")
      ? []
      : [`nothing was recorded, and the answer was ${statusCode}`];
  }
  const words = `<h1>Recorded: ${stored.answer.replace("-", " ")}</h1>`;
  return statusCode === 200 && body.includes(words) ? [] : ["recorded is not what the page says"];
}
