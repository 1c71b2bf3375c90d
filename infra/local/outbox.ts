import { join } from "node:path";
import { isObject, objectOf, textOf } from "./json.ts";
import { writeFileWhole } from "./state-folder.ts";

export type Email = {
  readonly to: string;
  readonly subject: string | undefined;
  readonly body: string;
};

/** Where messages to people end up: files, in order of their names, instead of mail and chat. */
export type Outbox = {
  readonly email: (email: Email) => void;
  readonly chat: (channelId: string, message: string) => void;
};

export function outboxFolder(directory: string): Outbox {
  let count = 0;
  const fileName = (extension: string) => {
    count += 1;
    const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
    return `${time}-${String(count).padStart(6, "0")}.${extension}`;
  };
  return {
    email: ({ to, subject = "AWS Notification Message", body }) => {
      writeFileWhole(
        join(directory, "email", fileName("txt")),
        `To: ${to}\nSubject: ${subject}\n\n${body}\n`,
      );
    },
    chat: (channelId, message) => {
      // The chat service drops what it cannot show, without a word: keep it apart, to be seen.
      const folder = isCustomNotification(message) ? [channelId] : ["dropped", channelId];
      writeFileWhole(join(directory, "chat", ...folder, fileName("json")), message);
    },
  };
}

/**
 * Whether the chat service shows a message that no AWS service has sent.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
function isCustomNotification(message: string): boolean {
  try {
    const notification: unknown = JSON.parse(message);
    return (
      isObject(notification) &&
      notification["version"] === "1.0" &&
      notification["source"] === "custom" &&
      textOf(objectOf(notification["content"])["description"]) !== undefined
    );
  } catch {
    return false;
  }
}
