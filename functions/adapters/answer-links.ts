import { createHmac } from "node:crypto";
import type { Alert } from "../../shared/alerts/alert.ts";
import {
  type AnswerLink,
  type LinkedAnswer,
  linkedAnswer,
} from "../../shared/alerts/answer-link.ts";
import { dayOf } from "../../shared/ledger/calendar.ts";
import { utf8Text } from "../http/utf8.ts";
import { describeError } from "../middleware/describe-error.ts";
import { secretsIn } from "./secrets.ts";
import { isSignedWithOneOf } from "./webhook-signature.ts";

/** Signed with it, so that a signature with the same secret over anything else fits no link. */
const PURPOSE = "outpace answer link 2";
const TOKEN = /^(([\w-]{1,4096})\.(\d{8})\.(\d{8})\.([\w-]{1,128}))\.([0-9a-f]{64})$/;

/**
 * - `allowed`: signed by us, and not over yet.
 * - `expired`: signed by us, and over.
 * - `unknown`: anything else.
 */
export type LinkReading =
  | { readonly kind: "allowed"; readonly link: LinkedAnswer }
  | { readonly kind: "expired" | "unknown" };

/** The link with which an alert can be answered; nothing if its message has none. */
export type LinkTo = (alert: Alert) => Promise<AnswerLink | undefined>;

/**
 * Makes links below a URL, signed with the first of the secrets in force. Without the secret there is
 * no link, but there is a message: it says by which command to answer.
 */
export function answerLinks(
  url: string,
  secretText: () => Promise<string>,
  nowMs: () => number,
  emitMetrics: (values: Readonly<Record<string, number>>) => void,
): LinkTo {
  return async (alert) => {
    const linked = linkedAnswer(alert, nowMs());
    if (linked === undefined) {
      return undefined;
    }
    try {
      const [secret] = secretsIn(await secretText());
      return secret === undefined
        ? undefined
        : { url: `${url}${signedToken(linked, secret)}`, lastDay: linked.lastDay };
    } catch (error) {
      emitMetrics({ AnswersFailed: 1 });
      console.error({
        message: "an alert goes out without a link to answer it",
        alertId: alert.id,
        error: describeError(error),
      });
      return undefined;
    }
  };
}

/**
 * The last part of a link: the alert's id in base64url, two days as `YYYYMMDD`, the owner's id in
 * base64url, and the HMAC-SHA-256 of all of it in hexadecimal, so that no mail client takes its end for
 * punctuation.
 */
export function signedToken({ id, decided, lastDay, owner }: LinkedAnswer, secret: string): string {
  const days = [decided, lastDay].map((day) => day.replaceAll("-", ""));
  const payload = [encoded(id), ...days, encoded(owner)].join(".");
  const signature = createHmac("sha256", secret).update(signedBytes(payload)).digest("hex");
  return `${payload}.${signature}`;
}

/** Verifies a token with any of the secrets in force, in constant time, before it reads anything in it. */
export function readToken(token: string, secrets: readonly string[], nowMs: number): LinkReading {
  const [, payload = "", alert = "", decided = "", lastDay = "", recipient = "", signature = ""] =
    TOKEN.exec(token) ?? [];
  const isOurs = isSignedWithOneOf(secrets, signedBytes(payload), `sha256=${signature}`);
  const [id, owner] = isOurs ? [alert, recipient].map(decoded) : [];
  if (id === undefined || owner === undefined) {
    return { kind: "unknown" };
  }
  const link = { id, decided: dashed(decided), lastDay: dashed(lastDay), owner };
  return dayOf(nowMs) > link.lastDay ? { kind: "expired" } : { kind: "allowed", link };
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function decoded(text: string): string | undefined {
  return utf8Text(Buffer.from(text, "base64url"));
}

function signedBytes(payload: string): Uint8Array {
  return Buffer.from(`${PURPOSE}\n${payload}`);
}

function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
