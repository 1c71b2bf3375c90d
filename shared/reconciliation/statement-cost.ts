import { startOfDay } from "../ledger/calendar.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import { dayRowCost } from "../pricing/day-row-cost.ts";
import type { PriceBook } from "../pricing/price-book.ts";
import type { ProviderStatement } from "./provider-statement.ts";

/** Below every price tier for long prompts that we know of. */
const TOKENS_OF_A_SHORT_CALL = 100_000;

/**
 * What a statement is worth: its own figure. Of tokens alone, their list cost as calls with short
 * prompts: enough to see a gap, not to bill. Nothing if the book does not know the model.
 */
export function statementCost(
  statement: ProviderStatement,
  priceBook: PriceBook,
): NanoUsd | undefined {
  const { provider, model, tokens, costNanoUsd } = statement;
  if (costNanoUsd !== undefined || model === undefined || tokens === undefined) {
    return costNanoUsd;
  }
  const input = tokens.uncachedInput + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;
  const cost = dayRowCost(priceBook, {
    // A provider does not know whose tool it served.
    tool: "-",
    provider,
    model,
    timeMs: startOfDay(statement.from),
    tokens,
    calls: Math.max(statement.calls ?? 1, Math.ceil(input / TOKENS_OF_A_SHORT_CALL), 1),
  });
  return cost.basis === "unpriced" ? undefined : cost.costNanoUsd;
}
