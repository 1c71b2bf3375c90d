import { randomUUID } from "node:crypto";
import type { Activity } from "./activity.ts";
import type { AwsCall } from "./aws-call.ts";
import type { BackendClient } from "./backend-client.ts";
import { compilePattern } from "./event-pattern.ts";
import type { Functions } from "./functions.ts";
import type { LocalService } from "./gateway.ts";
import { jsonOrText } from "./json.ts";
import type { Outbox } from "./outbox.ts";
import { requirePermission } from "./permissions.ts";
import type { Resource } from "./resource-types.ts";
import {
  attributeValues,
  type Publication,
  publicationFault,
  readPublication,
  variantOf,
} from "./sns-message.ts";
import type { Stack } from "./stack.ts";
import { wireError, xml } from "./wire-errors.ts";

type Subscriber = {
  readonly topicArn: string;
  readonly accepts: (publication: Publication) => boolean;
  readonly deliver: (publication: Publication, messageId: string) => Promise<void> | void;
};

export type TopicDependencies = {
  readonly stack: Stack;
  readonly functions: Functions;
  readonly client: BackendClient;
  readonly outbox: Outbox;
  readonly activity: Activity;
};

/**
 * SNS: Publish and PublishBatch to the subscriptions of the template. People get theirs through
 * the outbox, functions and queues directly. Our own, since the queue emulator's SNS knows neither
 * functions nor people, and no message structure.
 */
export function topicsService(dependencies: TopicDependencies): LocalService {
  const { stack, activity } = dependencies;
  const topicArns = new Set(
    stack.resources("AWS::SNS::Topic").map(({ logicalId }) => stack.arn(logicalId)),
  );
  const subscribers = [
    ...stack
      .resources("AWS::SNS::Subscription")
      .map((subscription) => subscriber(subscription, dependencies)),
    ...chatSubscribers(dependencies),
  ];
  const publish = (publication: Publication): string => {
    const messageId = randomUUID();
    for (const { topicArn, accepts, deliver } of subscribers) {
      if (topicArn === publication.topicArn && accepts(publication)) {
        void activity.track(async () => deliver(publication, messageId));
      }
    }
    return messageId;
  };
  return async (call) => {
    const answer = topicArns.has(call.form.get("TopicArn") ?? "")
      ? publishCall(call, publish)
      : wireError("sns", 404, "NotFound", "Topic does not exist");
    return answer;
  };
}

function publishCall({ operation, form }: AwsCall, publish: (publication: Publication) => string) {
  if (operation === "Publish") {
    const publication = readPublication(form);
    const fault = publicationFault(publication);
    return fault === undefined
      ? xml(200, result("Publish", `<MessageId>${publish(publication)}</MessageId>`))
      : wireError("sns", 400, "InvalidParameter", fault);
  }
  if (operation !== "PublishBatch") {
    return wireError("sns", 501, "InvalidAction", `${operation} is not emulated locally`);
  }
  const successful: string[] = [];
  const failed: string[] = [];
  for (let index = 1; form.has(`PublishBatchRequestEntries.member.${index}.Id`); index += 1) {
    const prefix = `PublishBatchRequestEntries.member.${index}.`;
    const id = form.get(`${prefix}Id`);
    const publication = readPublication(form, prefix);
    if (publicationFault(publication) === undefined) {
      const messageId = publish(publication);
      successful.push(`<member><Id>${id}</Id><MessageId>${messageId}</MessageId></member>`);
    } else {
      failed.push(
        `<member><Id>${id}</Id><Code>InvalidParameter</Code><SenderFault>true</SenderFault></member>`,
      );
    }
  }
  const lists = `<Successful>${successful.join("")}</Successful><Failed>${failed.join("")}</Failed>`;
  return xml(200, result("PublishBatch", lists));
}

function result(operation: string, content: string): string {
  return `<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${operation}Result>${content}</${operation}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`;
}

function subscriber(
  subscription: Resource<"AWS::SNS::Subscription">,
  { stack, functions, client, outbox }: TopicDependencies,
): Subscriber {
  const { TopicArn, Protocol, Endpoint, RawMessageDelivery } = subscription.properties;
  const common = { topicArn: TopicArn, accepts: subscriptionFilter(subscription) };
  if (Protocol === "email" || Protocol === "email-json") {
    return {
      ...common,
      deliver: (publication, messageId) => {
        const { subject } = publication;
        const body =
          Protocol === "email"
            ? (variantOf(publication, Protocol) ?? "")
            : JSON.stringify(envelope(publication, Protocol, messageId));
        outbox.email({ to: Endpoint, subject, body });
      },
    };
  }
  if (Protocol === "sqs") {
    return {
      ...common,
      deliver: async (publication, messageId) => {
        const message = envelope(publication, Protocol, messageId);
        await client.sendMessage(
          Endpoint,
          RawMessageDelivery ? message.Message : JSON.stringify(message),
        );
      },
    };
  }
  const lambda = stack.byArn("AWS::Lambda::Function", Endpoint);
  if (lambda === undefined) {
    throw new Error(`resource ${subscription.logicalId}: ${Endpoint} is no function of the stack`);
  }
  requirePermission(stack, lambda, "sns.amazonaws.com", TopicArn, subscription.logicalId);
  return {
    ...common,
    deliver: async (publication, messageId) => {
      const record = {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: `${TopicArn}:${subscription.logicalId}`,
        Sns: envelope(publication, Protocol, messageId),
      };
      await functions.invokeAsync(lambda, { Records: [record] });
    },
  };
}

function subscriptionFilter({ logicalId, properties }: Resource<"AWS::SNS::Subscription">) {
  const { FilterPolicy, FilterPolicyScope } = properties;
  if (FilterPolicy === undefined) {
    return () => true;
  }
  try {
    const matches = compilePattern(FilterPolicy);
    return (publication: Publication) =>
      matches(
        FilterPolicyScope === "MessageBody"
          ? jsonOrText(publication.message)
          : attributeValues(publication),
      );
  } catch (cause) {
    throw new Error(`resource ${logicalId} (AWS::SNS::Subscription): ${String(cause)}`, { cause });
  }
}

function chatSubscribers({ stack, outbox }: TopicDependencies): readonly Subscriber[] {
  return stack
    .resources("AWS::Chatbot::SlackChannelConfiguration")
    .flatMap(({ properties: { SlackChannelId, SnsTopicArns } }) =>
      SnsTopicArns.map((topicArn) => ({
        topicArn,
        accepts: () => true,
        // The chat service subscribes over HTTPS.
        deliver: (publication: Publication) =>
          outbox.chat(SlackChannelId, variantOf(publication, "https") ?? ""),
      })),
    );
}

function envelope(publication: Publication, protocol: string, messageId: string) {
  return {
    Type: "Notification",
    MessageId: messageId,
    TopicArn: publication.topicArn,
    Subject: publication.subject ?? null,
    Message: variantOf(publication, protocol) ?? "",
    Timestamp: new Date().toISOString(),
    MessageAttributes: publication.attributes,
  };
}
