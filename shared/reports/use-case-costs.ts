import { compareText } from "../compare-text.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { UseCase } from "../directory/settings.ts";
import { monthOf } from "../ledger/calendar.ts";
import type { Month, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import {
  type DeliveredPieces,
  deliveredPieces,
  type UseCaseDeliveries,
} from "./use-case-deliveries.ts";

/** In place of a use case: sessions whose calls name several, and those that name one that nobody listed. */
const SEVERAL_USE_CASES = "(several)";
const UNLISTED_USE_CASE = "(not registered)";

/** What was spent on a use case in a month. */
export type UseCaseCosts = Partial<Pick<UseCase, "owner" | "unit">> & {
  /** Its id, or one of the two names in parentheses, which no id has. */
  readonly useCase: string;
  readonly isRegistered: boolean;
  readonly calls: number;
  readonly unpricedCalls: number;
  /** Of the calls that have a price. No seats: they are for no use case. */
  readonly usageNanoUsd: NanoUsd;
  /** Of a registered one. */
  readonly delivered?: DeliveredPieces;
};

export type UseCaseCostsInput = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly directory: DirectoryLookup;
  readonly month: Month;
  readonly registry: readonly UseCase[];
  readonly deliveries: UseCaseDeliveries;
};

type Sums = Pick<UserDay, "calls" | "unpricedCalls" | "costNanoUsd">;

/** What a session's day, or a person's, brings to a use case. */
type UseCaseCharge = Sums & {
  readonly useCase: string;
  readonly person: UserPseudonym;
};

/**
 * A month's usage by use case: every registered one, and each other that something was spent on. The order is by
 * name. The lines sum to the usage of the month.
 */
export function useCaseCosts(input: UseCaseCostsInput): readonly UseCaseCosts[] {
  const registered = new Map(input.registry.map((useCase) => [useCase.id, useCase]));
  const charges = Map.groupBy(useCaseCharges(input), ({ useCase }) => useCase);
  return [...new Set([...registered.keys(), ...charges.keys()])]
    .sort(compareText)
    .map((useCase) => {
      const own = charges.get(useCase) ?? [];
      const { owner, unit } = registered.get(useCase) ?? {};
      return {
        useCase,
        isRegistered: registered.has(useCase),
        ...(owner !== undefined && { owner }),
        ...(unit !== undefined && { unit }),
        calls: own.reduce((sum, { calls }) => sum + calls, 0),
        unpricedCalls: own.reduce((sum, { unpricedCalls }) => sum + unpricedCalls, 0),
        usageNanoUsd: sumNanoUsd(own.map(({ costNanoUsd }) => costNanoUsd)),
        ...(registered.has(useCase) && {
          delivered: deliveredPieces(input.deliveries.get(useCase), spendersOf(own)),
        }),
      };
    });
}

/**
 * The use case that each session's day is charged to: the one that its calls name, if they name one; else
 * that of the person on that day. While a day's sessions do not sum to it, as it is being recomputed, the
 * whole day is charged to the person's.
 */
function useCaseCharges(input: UseCaseCostsInput): readonly UseCaseCharge[] {
  const { directory, month, registry } = input;
  const registered = new Set(registry.map(({ id }) => id));
  const sessionsOf = new Map<string, SessionDay[]>();
  for (const session of input.sessionDays) {
    pushTo(sessionsOf, dayKey(session), session);
  }
  return input.userDays
    .filter(({ day }) => monthOf(day) === month)
    .flatMap((userDay): readonly UseCaseCharge[] => {
      const { user, day } = userDay;
      const own = directory.placeOf(user, day).useCase;
      const person = directory.personOf(user);
      const sessions = sessionsOf.get(dayKey(userDay)) ?? [];
      return sumToDay(sessions, userDay)
        ? sessions.map((session) => ({
            ...sumsOf(session),
            person,
            useCase: useCaseOf(session, own, registered),
          }))
        : [{ ...sumsOf(userDay), person, useCase: own }];
    });
}

function spendersOf(charges: readonly UseCaseCharge[]): readonly UserPseudonym[] {
  return charges.filter(({ calls }) => calls > 0).map(({ person }) => person);
}

function dayKey({ user, day }: Pick<UserDay, "user" | "day">): string {
  return `${day} ${user}`;
}

function useCaseOf(
  { useCases: [named, ...others] }: SessionDay,
  own: string,
  registered: ReadonlySet<string>,
): string {
  if (named === undefined) {
    return own;
  }
  if (others.length > 0) {
    return SEVERAL_USE_CASES;
  }
  return named === own || registered.has(named) ? named : UNLISTED_USE_CASE;
}

function sumsOf({ calls, unpricedCalls, costNanoUsd }: Sums): Sums {
  return { calls, unpricedCalls, costNanoUsd };
}

function sumToDay(sessions: readonly SessionDay[], day: UserDay): boolean {
  const sum = (numberOf: (session: SessionDay) => number) =>
    sessions.reduce((total, session) => total + numberOf(session), 0);
  return (
    sum(({ calls }) => calls) === day.calls &&
    sum(({ unpricedCalls }) => unpricedCalls) === day.unpricedCalls &&
    sumNanoUsd(sessions.map(({ costNanoUsd }) => costNanoUsd)) === day.costNanoUsd
  );
}
