import type { Alert } from "./alert.ts";
import { named } from "./phrase.ts";

export type OperationsMessage = { readonly subject: string; readonly text: string };

const LONGEST_CAUSE = 400;

/**
 * What operators are told of an alert whose delivery is in doubt. Sending it again could tell the
 * owner twice, leaving it could tell nobody, so a person decides.
 */
export function operationsText(alert: Alert, cause: string): OperationsMessage {
  const { name: id } = named(alert.id, Number.POSITIVE_INFINITY);
  return {
    subject: "Outpace: the delivery of an alert is uncertain",
    text: [
      `It is not known whether alert ${id} (${alert.type}) reached budget owner ${named(alert.owner).name}.`,
      `Why: ${named(cause, LONGEST_CAUSE).name}`,
      "",
      "Outpace does not send it again by itself. Ask the owner whether it arrived.",
      `In the insights table it is the item with pk OUTBOX and sk ${id}.`,
      "- If it did not arrive: remove the attributes claimedAtMs, claimToken and uncertainAtMs.",
      "  The next sweep sends it, within 15 minutes.",
      "- If it did: delete the item.",
      "",
    ].join("\n"),
  };
}

/** What operators are told when the owner got the e-mail, but the channel not its copy. */
export function chatFailureText(alert: Alert, cause: string): OperationsMessage {
  return {
    subject: "Outpace: a chat channel did not get an alert",
    text: [
      `Alert ${named(alert.id).name} (${alert.type}) went to budget owner ${named(alert.owner).name} by e-mail.`,
      "Its copy for the owner's chat channel may be missing, and is not sent again.",
      `Why: ${named(cause, LONGEST_CAUSE).name}`,
      "",
    ].join("\n"),
  };
}
