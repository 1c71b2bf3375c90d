import { setTimeout as pause } from "node:timers/promises";
import {
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  type SNSClientConfig,
} from "@aws-sdk/client-sns";
import type { Alert } from "../../shared/alerts/alert.ts";
import { emailSubject, emailText } from "../../shared/alerts/alert-email.ts";
import { chatNotification } from "../../shared/alerts/chat-notification.ts";
import { type Explanation, explain } from "../../shared/alerts/explanation.ts";
import { chatFailureText } from "../../shared/alerts/operations-text.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { NotAcceptedError, type Notifier } from "../../shared/ports/notifier.ts";
import { describeError } from "../middleware/describe-error.ts";
import type { LinkTo } from "./answer-links.ts";
import { wasNotAccepted } from "./sns-errors.ts";

export type NotifierTopics = {
  /** All owners' e-mail; filter policies on `budgetOwner` route it. */
  readonly emailTopicArn: string;
  /** Topic of each owner who has a chat channel, by owner id. */
  readonly chatTopicArns: ReadonlyMap<string, string>;
  readonly operationsTopicArn: string;
};

const CHAT_ATTEMPTS = 3;

/** A client that never sends a message again by itself: after a timeout, that could tell somebody twice. */
export function publishClient(config: SNSClientConfig = {}): SNSClient {
  return new SNSClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
}

/**
 * Publishes alerts to SNS. An alert is sent when the e-mail topic has accepted it; the chat channel
 * gets a copy, at most once, and operators hear of it if that copy fails.
 */
export function snsNotifier(
  client: SNSClient,
  topics: NotifierTopics,
  settings: Pick<Settings, "owners" | "fallbackOwner">,
  linkTo: LinkTo,
  pauseMs = 200,
): Notifier {
  const publish = async (message: PublishCommandInput): Promise<string> => {
    try {
      const { MessageId } = await client.send(new PublishCommand(message));
      return MessageId ?? "";
    } catch (error) {
      throw wasNotAccepted(error)
        ? new NotAcceptedError("the topic did not accept the message", { cause: error })
        : error;
    }
  };

  const publishPatiently = async (message: PublishCommandInput): Promise<string> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await publish(message);
      } catch (error) {
        if (!(error instanceof NotAcceptedError) || attempt === CHAT_ATTEMPTS) {
          throw error;
        }
        await pause(pauseMs * attempt);
      }
    }
  };

  const operations = async (subject: string, text: string) => {
    await publishPatiently({
      TopicArn: topics.operationsTopicArn,
      Subject: emailSubject({ subject }),
      Message: text,
    });
  };

  const chatCopy = async (alert: Alert, explanation: Explanation): Promise<readonly string[]> => {
    const topicArn = topics.chatTopicArns.get(alert.owner);
    if (topicArn === undefined) {
      return [];
    }
    const message = JSON.stringify(chatNotification(alert, explanation));
    try {
      return [await publishPatiently({ TopicArn: topicArn, Message: message })];
    } catch (error) {
      await tellOfMissingCopy(alert, error);
      return [];
    }
  };

  const tellOfMissingCopy = async (alert: Alert, cause: unknown) => {
    const { subject, text } = chatFailureText(alert, reasonOf(cause));
    try {
      await operations(subject, text);
    } catch (error) {
      // The owner has the e-mail: an error here would make the alert look undelivered.
      console.error({
        message: "operators could not be told of a missing chat copy",
        alertId: alert.id,
        error: describeError(error),
      });
    }
  };

  return {
    alert: async (decided) => {
      const alert = { ...decided, owner: recipient(decided.owner, settings) };
      const explanation = explain(alert, await linkTo(alert));
      const emailId = await publish({
        TopicArn: topics.emailTopicArn,
        Subject: emailSubject(explanation),
        Message: emailText(explanation),
        MessageAttributes: {
          budgetOwner: { DataType: "String", StringValue: alert.owner },
          alertType: { DataType: "String", StringValue: alert.type },
        },
      });
      return {
        to: alert.owner,
        messageIds: [emailId, ...(await chatCopy(alert, explanation))],
      };
    },
    operations,
  };
}

/** A filter policy routes to owners of the configuration only: the rest would reach nobody. */
function recipient(
  owner: string,
  { owners, fallbackOwner }: Pick<Settings, "owners" | "fallbackOwner">,
) {
  return owners.some(({ id }) => id === owner) ? owner : fallbackOwner;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof NotAcceptedError ? error.cause : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
