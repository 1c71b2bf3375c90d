import { startOfDay } from "../../../shared/ledger/calendar.ts";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import { usdForStatistics } from "../../../shared/money/nano-usd.ts";

const DAY_MS = 86_400_000;
const LENGTH = 14;
const LIMIT = 3;

/**
 * The floor: of every person's day, how many standard deviations it is above the mean of the fourteen
 * days before, days off as zero. Sums move with the window, so this is about as little as any
 * judgement of the same days can take.
 *
 * @returns Days above three deviations.
 */
export function rollingZ(userDays: readonly UserDay[], firstMs: number, days: number): number {
  const spend = new Map<string, Float64Array>();
  const positions = new Map<string, number>();
  for (const { user, day, costNanoUsd } of userDays) {
    const position = positions.get(day) ?? (startOfDay(day) - firstMs) / DAY_MS;
    positions.set(day, position);
    const own = spend.get(user) ?? new Float64Array(days);
    spend.set(user, own);
    own[position] = (own[position] ?? 0) + usdForStatistics(costNanoUsd);
  }
  return [...spend.values()].reduce((above, own) => above + daysAbove(own), 0);
}

function daysAbove(own: Float64Array): number {
  let [sum, squares, above] = [0, 0, 0];
  for (const [at, value] of own.entries()) {
    const variance = (squares - (sum * sum) / LENGTH) / (LENGTH - 1);
    if (at >= LENGTH && (value - sum / LENGTH) / Math.sqrt(variance) > LIMIT) {
      above += 1;
    }
    const leaving = own[at - LENGTH] ?? 0;
    sum += value - leaving;
    squares += value * value - leaving * leaving;
  }
  return above;
}
