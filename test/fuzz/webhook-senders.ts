import { createHmac } from "node:crypto";
import type { WebhookSecrets } from "../../functions/ingest-outcomes/webhook-delivery.ts";
import type { Random } from "../../infra/demo/random.ts";
import { MARKER } from "./hostile-values.ts";
import { FUZZ_NOW_MS } from "./usage-door.ts";

type Headers = Readonly<Record<string, string>>;

/** A convention by which a sender shows that a delivery is its own. */
export type WebhookSender = {
  readonly routeKey: string;
  /** Headers that belong to these bytes. */
  readonly proof: (bytes: Buffer) => Headers;
  /** The header that names the event, if it is not the body that does. */
  readonly eventHeader: string;
};

const SECRET = "It's a Secret to Everybody";
const TOKEN = "change-me-to-something-long";
const SIGNING_KEY = Buffer.alloc(32, 7).toString("base64");

export const FUZZ_WEBHOOK_SECRETS: WebhookSecrets = {
  github: async () => [SECRET],
  gitlab: async () => [`whsec_${SIGNING_KEY}`, TOKEN],
  jira: async () => [SECRET],
};

export const GITHUB: WebhookSender = {
  routeKey: "POST /webhooks/github",
  proof: (bytes) => ({ "x-hub-signature-256": hubSignature(bytes) }),
  eventHeader: "x-github-event",
};

export const JIRA: WebhookSender = {
  routeKey: "POST /webhooks/jira",
  proof: (bytes) => ({ "x-hub-signature": hubSignature(bytes) }),
  eventHeader: "x-event-key",
};

export const GITLAB_TOKEN: WebhookSender = {
  routeKey: "POST /webhooks/gitlab",
  proof: () => ({ "x-gitlab-token": TOKEN }),
  eventHeader: "x-gitlab-event",
};

/** As the Standard Webhooks specification has it. */
export const GITLAB_SIGNATURE: WebhookSender = {
  routeKey: "POST /webhooks/gitlab",
  proof: (bytes) => {
    const id = "f5e57ebe-07af-4bb5-9d6a-4e0c7b9a3b1e";
    const timestamp = String(FUZZ_NOW_MS / 1000);
    const signature = createHmac("sha256", Buffer.from(SIGNING_KEY, "base64"))
      .update(`${id}.${timestamp}.`)
      .update(bytes)
      .digest("base64");
    return {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    };
  },
  eventHeader: "x-gitlab-event",
};

/** Every convention by which a delivery is signed over its bytes. */
export const SIGNED_CONVENTIONS: readonly (readonly [name: string, WebhookSender])[] = [
  ["GitHub", GITHUB],
  ["Jira", JIRA],
  ["GitLab", GITLAB_SIGNATURE],
];

const BADLY_SIGNED = 0.05;
const ODD_HEADER = 0.1;

/** The headers of a delivery, most of them true. */
export function headersOf({ proof, eventHeader }: WebhookSender, event: string) {
  return (bytes: Buffer, random: Random): Headers => {
    const odd = random.pick(["ping", "issues", "__proto__", MARKER]);
    const id = random.chance(ODD_HEADER) ? MARKER : random.uuid();
    return {
      [eventHeader]: random.chance(ODD_HEADER) ? odd : event,
      "x-github-delivery": id,
      "x-gitlab-event-uuid": id,
      "x-atlassian-webhook-identifier": id,
      ...proof(random.chance(BADLY_SIGNED) ? Buffer.concat([bytes, bytes]) : bytes),
    };
  };
}

function hubSignature(bytes: Buffer): string {
  return `sha256=${createHmac("sha256", SECRET).update(bytes).digest("hex")}`;
}
