import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { emailSubject } from "../../shared/alerts/alert-email.ts";
import type { Notifier } from "../../shared/ports/notifier.ts";

/** Tells the operators. A message that is sent twice after a lost answer is better than none. */
export function snsOperations(client: SNSClient, topicArn: string): Pick<Notifier, "operations"> {
  return {
    operations: async (subject, text) => {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: emailSubject({ subject }),
          Message: text,
        }),
      );
    },
  };
}
