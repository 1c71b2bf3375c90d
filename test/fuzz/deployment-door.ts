import { createServer } from "node:http";
import { awsDeployedRevisions } from "../../functions/adapters/aws-deployed-revisions.ts";
import { AwsCallError } from "../../functions/adapters/aws-json-call.ts";
import { recordDeploymentsHandler } from "../../functions/record-deployments/record-deployments.ts";
import { aContext } from "../support/api-gateway-events.ts";
import { inMemoryOutcomeLedger } from "../support/in-memory-outcome-ledger.ts";
import type { Door } from "./fuzz-target.ts";
import { countFaults } from "./http-answer.ts";
import { lastCounts } from "./last-counts.ts";
import { outcomeFaults } from "./stored-faults.ts";
import { thrownFaults } from "./thrown-error.ts";

/** One of the two is as it should be; the other is the body that is fed. */
type Sound = { readonly event: string } | { readonly answer: string };

/**
 * The function of record-deployments, with CodePipeline and CodeDeploy over HTTP on this machine. An event or
 * an answer that cannot be read fails the invocation, before anything is written.
 */
export function deploymentDoor(sound: Sound): Door {
  let answer = "";
  const endpoint = answering(() => answer);
  const metrics = lastCounts();
  return {
    feed: async (body) => {
      answer = "answer" in sound ? sound.answer : body.toString("utf8");
      const event = objectIn("event" in sound ? sound.event : body.toString("utf8"));
      if (event === undefined) {
        return { answer: "no event", faults: [] };
      }
      const ledger = inMemoryOutcomeLedger();
      const handler = recordDeploymentsHandler({
        ledger,
        revisions: awsDeployedRevisions({
          region: "eu-west-1",
          credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
          endpoint: await endpoint,
        }),
        environment: "production",
        emitMetrics: metrics.emit,
      });
      const thrown = await handler(event, aContext()).then(
        () => undefined,
        (error: unknown) => thrownFaults(error, [AwsCallError]),
      );
      const counts = metrics.take();
      const written = ledger.outcomes();
      return {
        answer: thrown === undefined ? takenOr("nothing in it", written.length) : "unreadable",
        faults: [
          ...(thrown ?? []),
          ...countFaults({}, counts),
          ...(written.length === counts.committed ? [] : ["written is not what was counted"]),
          ...written.flatMap(outcomeFaults),
        ],
      };
    },
  };
}

function takenOr(nothing: string, written: number): string {
  return written > 0 ? "taken" : nothing;
}

/** EventBridge sends objects, and nothing else. */
function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A service that ends with the process. */
function answering(answer: () => string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end(answer()));
  });
  server.unref();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}
