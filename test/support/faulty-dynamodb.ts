import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { dynamoDbDouble } from "./dynamodb-double.ts";

type Fault = "none" | "before" | "after";

/**
 * Of each AWS call in turn: it passes, fails, or is carried out and its answer lost.
 *
 * @param passing How many calls pass for one that does not.
 */
export function callFaults(passing: number): fc.Arbitrary<fc.Stream<Fault>> {
  return fc.infiniteStream(
    fc.oneof(
      { arbitrary: fc.constant("none" as const), weight: passing },
      { arbitrary: fc.constantFrom("before" as const, "after" as const), weight: 1 },
    ),
  );
}

/** A table double whose calls come in the order that the scheduler picks, with these faults. */
export function faultyDynamoDb(faults: fc.Stream<Fault>, scheduler: fc.Scheduler) {
  return dynamoDbDouble(async (effect) => {
    await scheduler.schedule(Promise.resolve());
    const fault = faults.next().value;
    const answer = fault === "before" ? undefined : effect();
    if (fault !== "none") {
      throw new ProvisionedThroughputExceededException({ message: "slow", $metadata: {} });
    }
    return answer;
  });
}
