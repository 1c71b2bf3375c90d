import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Template } from "../../infra/local/template.ts";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

/** What a missing part of the template does is only seen by running the template. */
let stack: RunningStack | undefined;

afterEach(async () => {
  await stack?.host.close();
  stack = undefined;
});

async function ingestWith(change: (template: Template) => void) {
  stack = await runStack({ template: change });
  const answer = await stack.post("/v1/logs", fixture("claude-code-otel/session.logs-1.json"));
  await stack.host.idle();
  return { answer, host: stack.host, ledger: await stack.ledger() };
}

const PolicyDocument = z.looseObject({
  Statement: z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) })),
});

/** Takes an action out of the policies whose logical id starts so. */
function withoutAction(template: Template, prefix: string, action: string): number {
  let taken = 0;
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type === "AWS::IAM::Policy" && id.startsWith(prefix)) {
      const document = PolicyDocument.parse(Properties["PolicyDocument"]);
      const kept = document.Statement.map((statement) => {
        const actions = [statement.Action].flat();
        taken += actions.includes(action) ? 1 : 0;
        return { ...statement, Action: actions.filter((name) => name !== action) };
      }).filter(({ Action }) => Action.length > 0);
      Properties["PolicyDocument"] = { ...document, Statement: kept };
    }
  }
  return taken;
}

function functionsOf(template: Template, prefix: string) {
  return Object.entries(template.Resources).filter(
    ([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(prefix),
  );
}

describe("the template as it is", () => {
  test("takes telemetry in", async () => {
    const { answer, ledger, host } = await ingestWith(() => undefined);

    expect(answer.status).toBe(200);
    expect(ledger.calls).toBe(1);
    expect(host.denied).toEqual([]);
  });
});

describe("the template without", () => {
  test("the grant to write to the ledger asks senders to come again, and names the call", async () => {
    const { answer, host, ledger } = await ingestWith((template) => {
      expect(withoutAction(template, "IngestionIngestUsage", "dynamodb:UpdateItem")).toBe(1);
    });

    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
    expect(host.denied).toMatchObject([{ action: "dynamodb:UpdateItem" }]);
    expect(ledger.entries).toBe(0);
  });

  test("the grant to read the stream does not start", async () => {
    const boot = runStack({
      template: (template) => {
        expect(withoutAction(template, "RollUp", "dynamodb:GetRecords")).toBeGreaterThan(0);
      },
    });

    await expect(boot).rejects.toThrow("dynamodb:GetRecords");
  });

  test("an environment variable does not take anything in, and the log names the variable", async () => {
    const { answer, host, ledger } = await ingestWith((template) => {
      for (const [, { Properties }] of functionsOf(template, "IngestionIngestUsage")) {
        const { Variables } = z
          .object({ Variables: z.record(z.string(), z.unknown()) })
          .parse(Properties["Environment"]);
        const { LEDGER_TABLE_NAME: removed, ...rest } = Variables;
        expect(removed).toBeDefined();
        Properties["Environment"] = { Variables: rest };
      }
    });

    expect(answer.ok).toBe(false);
    expect(ledger.entries).toBe(0);
    expect(host.logs("IngestionIngestUsage").join("\n")).toContain("LEDGER_TABLE_NAME");
  });

  test("a route answers 404 there", async () => {
    const { answer, ledger } = await ingestWith((template) => {
      for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
        if (Type === "AWS::ApiGatewayV2::Route" && Properties["RouteKey"] === "POST /v1/logs") {
          delete template.Resources[id];
        }
      }
    });

    expect(answer.status).toBe(404);
    expect(ledger.entries).toBe(0);
  });
});
