import { Stack } from "aws-cdk-lib";
import { LoggingLevel, SlackChannelConfiguration } from "aws-cdk-lib/aws-chatbot";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { BudgetOwner } from "../../shared/directory/settings.ts";
import type { EncryptionKey } from "./encryption-key.ts";

export type ChatTopicsProps = {
  readonly owners: readonly BudgetOwner[];
  readonly encryptionKey: EncryptionKey;
};

type ChatOwner = BudgetOwner & { readonly slack: NonNullable<BudgetOwner["slack"]> };

/**
 * A topic for each owner with a Slack channel. One topic with filters would not do: Amazon Q
 * Developer subscribes itself, and takes no filter.
 */
export class ChatTopics extends Construct {
  readonly topics: readonly Topic[];
  /** JSON of an object from owner id to topic ARN. */
  readonly arnsByOwner: string;

  constructor(scope: Construct, id: string, { owners, encryptionKey }: ChatTopicsProps) {
    super(scope, id);
    const topicByOwner = new Map(
      owners.filter(hasSlack).map((owner) => [
        owner,
        new Topic(this, `Topic-${owner.id}`, {
          displayName: `Outpace ${owner.id}`,
          enforceSSL: true,
          masterKey: encryptionKey.key,
        }),
      ]),
    );
    this.topics = [...topicByOwner.values()];
    this.arnsByOwner = Stack.of(this).toJsonString(
      Object.fromEntries(
        [...topicByOwner].map(([{ id: owner }, topic]) => [owner, topic.topicArn]),
      ),
    );
    // Owners may share a channel, and a channel has one configuration.
    const byChannel = Map.groupBy(
      topicByOwner,
      ([{ slack }]) => `${slack.workspaceId}-${slack.channelId}`,
    );
    for (const [channel, entries] of byChannel) {
      this.#addChannel(channel, entries);
    }
  }

  #addChannel(channel: string, entries: readonly (readonly [ChatOwner, Topic])[]): void {
    const [first] = entries;
    if (first === undefined) {
      return;
    }
    const { workspaceId, channelId } = first[0].slack;
    const role = new Role(this, `Role-${channel}`, {
      assumedBy: new ServicePrincipal("chatbot.amazonaws.com"),
      description: "Amazon Q Developer delivers notifications with it, and may do nothing else",
    });
    new SlackChannelConfiguration(this, `Slack-${channel}`, {
      slackChannelConfigurationName: `${Stack.of(this).stackName}-${channelId}`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: entries.map(([, topic]) => topic),
      role,
      // Without it, people in the channel could run commands as administrators.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName("AWSDenyAll")],
      loggingLevel: LoggingLevel.ERROR,
    });
  }
}

function hasSlack(owner: BudgetOwner): owner is ChatOwner {
  return owner.slack !== undefined;
}
