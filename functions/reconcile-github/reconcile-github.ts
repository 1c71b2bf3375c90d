import middy from "@middy/core";
import { REDELIVERABLE_FOR_MS, redeliveryPlan } from "../../shared/outcomes/redelivery-plan.ts";
import type { GithubHook } from "../../shared/ports/github-hook.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";

export type ReconcileGithubDeps = {
  readonly hooks: readonly GithubHook[];
  readonly nowMs: () => number;
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

export type Reconciliation = {
  /** Attempts that GitHub lists. */
  readonly listed: number;
  /** Events that no attempt has delivered. */
  readonly failed: number;
  readonly asked: number;
  readonly refused: number;
  /** Failed, and older than 48 hours. */
  readonly overdue: number;
};

export type ReconcileGithubHandler = middy.MiddyfiedHandler<object, Reconciliation>;

/**
 * Asks GitHub for what it could not deliver, as it never tries again by itself. What comes twice by it
 * counts once.
 */
export function reconcileGithubHandler(deps: ReconcileGithubDeps): ReconcileGithubHandler {
  return middy<object, Reconciliation>()
    .use(logInvocation())
    .handler(async (event: object) => {
      let total: Reconciliation = { listed: 0, failed: 0, asked: 0, refused: 0, overdue: 0 };
      for (const hook of deps.hooks) {
        total = sum(total, await reconcile(hook, deps.nowMs()));
      }
      addToInvocationLog(event, total);
      deps.emitMetrics({
        GithubRedeliveriesAsked: total.asked,
        GithubDeliveriesOverdue: total.overdue,
      });
      return total;
    });
}

async function reconcile(hook: GithubHook, nowMs: number): Promise<Reconciliation> {
  const deliveries = await hook.deliveriesSince(nowMs - REDELIVERABLE_FOR_MS);
  const { ask, failed, overdue } = redeliveryPlan(deliveries, nowMs);
  let asked = 0;
  for (const id of ask) {
    asked += (await hook.redeliver(id)) === "asked" ? 1 : 0;
  }
  return { listed: deliveries.length, failed, asked, refused: ask.length - asked, overdue };
}

function sum(a: Reconciliation, b: Reconciliation): Reconciliation {
  return {
    listed: a.listed + b.listed,
    failed: a.failed + b.failed,
    asked: a.asked + b.asked,
    refused: a.refused + b.refused,
    overdue: a.overdue + b.overdue,
  };
}
