import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { ingestOutcomesHandler } from "../../../functions/ingest-outcomes/ingest-outcomes.ts";
import { type Random, randomStream } from "../../../infra/demo/random.ts";
import { mutateBytes } from "../../fuzz/mutate-bytes.ts";
import { FUZZ_NOW_MS } from "../../fuzz/usage-door.ts";
import {
  FUZZ_WEBHOOK_SECRETS,
  GITHUB,
  GITLAB_SIGNATURE,
  JIRA,
  SIGNED_CONVENTIONS,
  type WebhookSender,
} from "../../fuzz/webhook-senders.ts";
import { aContext, anApiGatewayEvent } from "../../support/api-gateway-events.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";

const BODY = Buffer.from('{"action":"closed","number":17,"ref":"refs/heads/main","é":[1,2,3]}');

function door() {
  vi.spyOn(console, "info").mockReturnValue();
  const ledger = inMemoryOutcomeLedger();
  const handler = ingestOutcomesHandler({
    ledger,
    quarantine: inMemoryQuarantine(),
    pseudonyms: async () => (subject) => subject,
    webhookSecrets: FUZZ_WEBHOOK_SECRETS,
    productionEnvironments: [],
    undeliveredResolutions: [],
    nowMs: () => FUZZ_NOW_MS,
    emitMetrics: () => undefined,
  });
  return async ({ routeKey }: WebhookSender, body: Buffer, headers: Record<string, string>) => {
    const request = { routeKey, body, headers, authorizer: undefined };
    const { statusCode } = await handler(anApiGatewayEvent(request), aContext());
    return { statusCode, stored: ledger.outcomes().length };
  };
}

/** A delivery that differs from the true one in its bytes or in its proof. */
function forged({ proof }: WebhookSender, random: Random) {
  const headers: Record<string, string> = { ...proof(BODY) };
  const signatureOf = (bytes: Buffer) => ({ ...proof(bytes) });
  const [name = ""] = Object.keys(headers).filter((header) => header.includes("signature"));
  const signature = headers[name] ?? "";
  return random.pick<() => { body: Buffer; headers: Record<string, string> }>([
    () => ({ body: mutateBytes(BODY, random), headers }),
    () => ({ body: Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 1)), headers }),
    () => ({ body: Buffer.from(BODY.toString("latin1")), headers }),
    () => ({ body: BODY, headers: signatureOf(mutateBytes(BODY, random)) }),
    () => ({
      body: BODY,
      headers: {
        ...headers,
        [name]: mutateBytes(Buffer.from(signature), random).toString("latin1"),
      },
    }),
    () => ({
      body: BODY,
      headers: { ...headers, [name]: signature.slice(0, random.whole(0, signature.length - 1)) },
    }),
    () => ({ body: BODY, headers: { ...headers, [name]: "" } }),
    () => ({ body: BODY, headers: {} }),
  ])();
}

function isTheTrueOne(
  sender: WebhookSender,
  { body, headers }: { readonly body: Buffer; readonly headers: Record<string, string> },
): boolean {
  const proof: Record<string, string> = { ...sender.proof(BODY) };
  return (
    body.equals(BODY) && Object.entries(proof).every(([name, value]) => headers[name] === value)
  );
}

describe.each(SIGNED_CONVENTIONS)("10,000 forged deliveries of %s", (_, sender) => {
  test("are refused with 401, every one, and nothing of them is stored", async () => {
    const post = door();
    const accepted: string[] = [];

    for (let n = 0; n < 10_000; n += 1) {
      const delivery = forged(sender, randomStream(1, `forged ${n}`));
      const { statusCode, stored } = await post(sender, delivery.body, delivery.headers);
      if ((statusCode !== 401 || stored > 0) && !isTheTrueOne(sender, delivery)) {
        accepted.push(`${n}: ${statusCode}`);
      }
    }

    expect(accepted).toEqual([]);
  }, 120_000);

  test("differ from one that is let in", async () => {
    const { statusCode } = await door()(sender, BODY, { ...sender.proof(BODY) });

    expect(statusCode).not.toBe(401);
  });
});

describe("a delivery with a time in its signature", () => {
  test.each([-301, 301])("is refused %i seconds from now: it may be a replay", async (seconds) => {
    const headers = { ...GITLAB_SIGNATURE.proof(BODY) };
    const timestamp = String(FUZZ_NOW_MS / 1000 + seconds);

    const { statusCode } = await door()(GITLAB_SIGNATURE, BODY, {
      ...headers,
      "webhook-timestamp": timestamp,
    });

    expect(statusCode).toBe(401);
  });
});

describe("a delivery from nobody knows whom", () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

  test.each([GITHUB, JIRA, GITLAB_SIGNATURE])("is not inflated: $routeKey", async (sender) => {
    const { statusCode } = await door()(sender, bomb, {});

    // Had it been inflated, it would have been too large: 413.
    expect(statusCode).toBe(401);
  });
});
