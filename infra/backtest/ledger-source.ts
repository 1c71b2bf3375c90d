import { inParallel } from "../../functions/adapters/in-parallel.ts";
import type { AlertCase } from "../../shared/alerts/alert-case.ts";
import { addDays } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { OpenedSource } from "./folder-source.ts";
import type { GivenAnswer } from "./read-answers.ts";
import { type BacktestSpan, NIGHT_HISTORY_DAYS } from "./run-backtest.ts";

/** The stores of a running stack, as far as a backtest reads them. It writes to none. */
export type LedgerStores = {
  readonly ledger: Pick<UsageLedger, "readUserDay">;
  readonly rollUps: Pick<RollUps, "readBetween">;
  readonly outcomes: Pick<OutcomeLedger, "readBetween">;
  readonly directory: Pick<DirectoryStore, "read">;
  readonly register: Pick<AlertRegister, "decidedSince">;
};

const READS_AT_ONCE = 16;

/**
 * Reads a span, and the history that its first night learns from, out of a stack's tables: the roll-ups
 * say who spent on a day, the ledger what they spent it on. Users are pseudonyms.
 */
export async function openLedger(
  { ledger, rollUps, outcomes, directory, register }: LedgerStores,
  span: BacktestSpan,
): Promise<OpenedSource> {
  const first = addDays(span.from, -NIGHT_HISTORY_DAYS);
  const people = await directory.read();
  const cases = await register.decidedSince(first);
  return {
    source: {
      first,
      usageOf: async (day: Day) => {
        const { userDays } = await rollUps.readBetween(day, addDays(day, 1));
        const read = await inParallel(userDays, READS_AT_ONCE, async ({ user }) => {
          return [user, await ledger.readUserDay(user, day)] as const;
        });
        return new Map(read);
      },
      outcomes: await outcomes.readBetween(first, span.to),
      answers: cases.flatMap(givenAnswers).sort((a, b) => a.atMs - b.atMs),
    },
    span,
    directoryFor: () => Promise.resolve(people),
    rejected: [],
  };
}

function givenAnswers({ alert, answers }: AlertCase): readonly GivenAnswer[] {
  return answers === undefined
    ? []
    : [answers.last, ...answers.earlier].map((answer) => ({ alertId: alert.id, ...answer }));
}
