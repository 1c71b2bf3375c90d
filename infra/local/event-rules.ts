import { compilePattern } from "./event-pattern.ts";
import type { Functions } from "./functions.ts";
import { requirePermission, requireQueueAccess } from "./permissions.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";

type Rule = Resource<"AWS::Events::Rule">;
type Lambda = Resource<"AWS::Lambda::Function">;

export type EventRules = {
  /** Puts an event on the default bus. Answers how many targets got it, once all of them have. */
  readonly put: (event: unknown) => Promise<number>;
};

/**
 * EventBridge: rules of the default bus that invoke functions asynchronously.
 *
 * @throws {Error} naming the rule, if a target is no function of the stack, may not be invoked by the
 *   rule, or has a dead-letter queue that the rule may not send to.
 */
export function eventRules(stack: Stack, functions: Functions): EventRules {
  const rules = stack
    .resources("AWS::Events::Rule")
    .filter(({ properties }) => properties.State === "ENABLED")
    .map((rule) => ({
      matches: compilePattern(rule.properties.EventPattern),
      targets: rule.properties.Targets.map((target) => targetOf(stack, rule, target)),
    }));
  return {
    put: async (event) => {
      const targets = rules.flatMap((rule) => (rule.matches(event) ? rule.targets : []));
      await Promise.all(targets.map((target) => functions.invokeAsync(target, event)));
      return targets.length;
    },
  };
}

function targetOf(
  stack: Stack,
  { logicalId }: Rule,
  { Arn, DeadLetterConfig }: Rule["properties"]["Targets"][number],
): Lambda {
  const target = stack.byArn("AWS::Lambda::Function", Arn);
  if (target === undefined) {
    throw new Error(`resource ${logicalId}: ${Arn} is no function of the stack`);
  }
  const ruleArn = stack.arn(logicalId);
  requirePermission(stack, target, "events.amazonaws.com", ruleArn, logicalId);
  if (DeadLetterConfig !== undefined) {
    const queue = stack.byArn("AWS::SQS::Queue", DeadLetterConfig.Arn);
    if (queue === undefined) {
      throw new Error(`resource ${logicalId}: ${DeadLetterConfig.Arn} is no queue of the stack`);
    }
    requireQueueAccess(stack, queue, "events.amazonaws.com", ruleArn, logicalId);
  }
  return target;
}
