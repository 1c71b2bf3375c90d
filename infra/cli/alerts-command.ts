import type { Alert } from "../../shared/alerts/alert.ts";
import {
  ANSWERS,
  type Answer,
  answererOf,
  LONGEST_ANSWERER,
} from "../../shared/alerts/alert-answer.ts";
import { type AlertCase, isOpen, lastTold } from "../../shared/alerts/alert-case.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import { dollars } from "../../shared/money/nano-usd.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import { CommandError, readArguments, type Terminal, table, usageError } from "./command-line.ts";

const USAGE = `Usage:
  npm run alerts -- list [--all] [--deployed]
  npm run alerts -- answer ALERT-ID ANSWER --by WHO [--deployed]

  list        alerts of the last 26 weeks that wait for an answer, oldest first, with the
              owner whom the last message about it went to
  answer      says what an alert was about; the last answer counts. One of:
              waste       nothing useful came of it
              expected    such work takes as much
              planned     it was decided on beforehand
              wrong-data  the figures are wrong
  --all       also those that are answered, or resolved as work was delivered later
  --by        who answers: the id of a budget owner, or a pseudonym
  --deployed  the stack in AWS, instead of the one that runs on this machine`;

const OPTIONS = {
  all: { type: "boolean", default: false },
  by: { type: "string" },
  deployed: { type: "boolean", default: false },
} as const;

const DAYS_BACK = 26 * 7;
/** Neither an address nor anything else that names a person. */
const ANSWERER = new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST_ANSWERER}}$`);

export type AlertsCommandDeps = Terminal & {
  readonly connect: (deployed: boolean) => AlertRegister;
  readonly nowMs: () => number;
};

/** Shows what was alerted, and takes the owners' answers. */
export async function alertsCommand(
  args: readonly string[],
  deps: AlertsCommandDeps,
): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  const [command, alertId, given, ...rest] = positionals;
  if (command === "list" && alertId === undefined && values.by === undefined) {
    return await list(values, deps);
  }
  const isComplete = alertId !== undefined && given !== undefined && rest.length === 0;
  if (command === "answer" && isComplete && !values.all) {
    const [answer, by] = [answerOf(given), answererIn(values.by)];
    return await store({ alertId, answer, by }, values.deployed, deps);
  }
  throw usageError(USAGE);
}

type ListOptions = { readonly all: boolean; readonly deployed: boolean };

async function list({ all, deployed }: ListOptions, deps: AlertsCommandDeps): Promise<void> {
  const cases = await recentCases(deps.connect(deployed), deps);
  const shown = cases.filter((each) => all || isOpen(each));
  if (shown.length === 0) {
    deps.remark(all ? "There are no alerts yet." : "No alert waits for an answer.");
    return;
  }
  const headings = ["ALERT ID", "TYPE", "OWNER", "DECIDED", "SPENT", "ABOVE USUAL", "STATE"];
  for (const line of table(headings, shown.map(rowOf))) {
    deps.print(line);
  }
}

function rowOf(known: AlertCase): readonly string[] {
  const { id, type, asOfMs } = known.alert;
  const { evidence } = lastTold(known);
  return [
    id,
    type,
    known.sentTo ?? lastTold(known).owner,
    dayOf(asOfMs),
    dollars(evidence.costNanoUsd),
    dollars(evidence.excessNanoUsd),
    stateOf(known),
  ];
}

function stateOf(known: AlertCase): string {
  if (known.answers !== undefined) {
    const { last } = known.answers;
    return `${last.answer} by ${answererOf(last)}`;
  }
  const { review } = lastTold(known);
  return review?.of === undefined ? "open" : `${review.verdict} after ${review.age}`;
}

type GivenAnswer = { readonly alertId: string; readonly answer: Answer; readonly by: string };

async function store(
  { alertId, answer, by }: GivenAnswer,
  deployed: boolean,
  deps: AlertsCommandDeps,
): Promise<void> {
  const register = deps.connect(deployed);
  const alert = await alertWithId(alertId, register, deps);
  const { last, earlier } = await register.answer(alert, { answer, by, atMs: deps.nowMs() });
  deps.print(
    `${alertId} is answered: ${last.answer}, by ${answererOf(last)}. The next night reads it.`,
  );
  const [before] = earlier;
  if (before !== undefined) {
    deps.remark(`It takes the place of: ${before.answer}, by ${answererOf(before)}.`);
  }
}

async function alertWithId(
  alertId: string,
  register: AlertRegister,
  deps: AlertsCommandDeps,
): Promise<Alert> {
  const found = (await recentCases(register, deps)).find(({ alert }) => alert.id === alertId);
  if (found === undefined) {
    throw new CommandError(
      `there is no alert ${alertId} of the last 26 weeks: see npm run alerts -- list --all`,
    );
  }
  return found.alert;
}

function recentCases(register: AlertRegister, { nowMs }: AlertsCommandDeps) {
  return register.decidedSince(addDays(dayOf(nowMs()), -DAYS_BACK));
}

function answerOf(text: string): Answer {
  const answer = ANSWERS.find((known) => known === text);
  if (answer === undefined) {
    throw new CommandError(`there is no answer ${text}: say ${ANSWERS.join(", ")}`, 2);
  }
  return answer;
}

function answererIn(text: string | undefined): string {
  if (text === undefined || !ANSWERER.test(text)) {
    throw new CommandError(
      "--by must be the id of a budget owner or a pseudonym, such as user-017, and no address",
      2,
    );
  }
  return text;
}
