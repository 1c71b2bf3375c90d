import { Match, type Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { functionIn, functionsOf, templateOf } from "../../support/outpace-template.ts";

const CHANNEL = { workspaceId: "T0123456789", channelId: "C0000000001" };

let template: Template;

beforeAll(() => {
  template = templateOf();
});

function chatTopicArns(of: Template): unknown {
  return functionIn(of, "send-alerts")["Environment"].Variables.CHAT_TOPIC_ARNS;
}

describe("Alerting", () => {
  test.each(["checkout-owner", "search-owner"])(
    "%s gets e-mail about their own budget, and about no other",
    (owner) => {
      template.hasResourceProperties("AWS::SNS::Subscription", {
        Protocol: "email",
        Endpoint: `${owner}@example.com`,
        FilterPolicy: { budgetOwner: [owner] },
      });
    },
  );

  test("no subscription to the owners' topic is without a filter", () => {
    const unfiltered = template.findResources("AWS::SNS::Subscription", {
      Properties: { FilterPolicy: Match.absent() },
    });

    expect(Object.values(unfiltered).map(({ Properties }) => Properties.Endpoint)).toEqual([
      "operations@example.com",
    ]);
  });

  test("only new alerts wake the sender, not every change in the table", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: functionsOf(template).get("send-alerts")?.id },
      FilterCriteria: {
        Filters: [
          { Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":["OUTBOX"]}}}}' },
        ],
      },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      DestinationConfig: Match.objectLike({ OnFailure: Match.anyValue() }),
    });
  });

  test("the sender writes links to the page of this very API, which the page's function can verify", () => {
    const variablesOf = (name: string) => functionIn(template, name)["Environment"].Variables;
    const [apiId] = Object.keys(template.findResources("AWS::ApiGatewayV2::Api"));

    const { ANSWER_URL: url, ANSWER_LINK_SECRET_ARN: secret } = variablesOf("send-alerts");

    expect(url).toEqual({
      "Fn::Join": ["", [{ "Fn::GetAtt": [apiId, "ApiEndpoint"] }, "/v1/alerts/"]],
    });
    expect(secret).toEqual(variablesOf("answer-alert").ANSWER_LINK_SECRET_ARN);
  });

  test("every topic is encrypted and refuses what does not come by TLS", () => {
    const topics = Object.values(template.findResources("AWS::SNS::Topic"));

    expect(topics).toHaveLength(3);
    for (const { Properties } of topics) {
      expect(Properties.KmsMasterKeyId).toBeDefined();
    }
    template.resourcePropertiesCountIs(
      "AWS::SNS::TopicPolicy",
      {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Deny",
              Action: "sns:Publish",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          ]),
        }),
      },
      3,
    );
  });
});

describe("ChatTopics", () => {
  test("people in the channel can run nothing: the role has no policy, and the guardrail denies all", () => {
    template.hasResourceProperties("AWS::Chatbot::SlackChannelConfiguration", {
      SlackWorkspaceId: "T0123456789",
      SlackChannelId: "C0000000001",
      GuardrailPolicies: [
        { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::aws:policy/AWSDenyAll"]] },
      ],
    });
    const [chatRole = ""] = Object.keys(
      template.findResources("AWS::IAM::Role", {
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Principal: { Service: "chatbot.amazonaws.com" } }],
          },
        },
      }),
    );
    expect(chatRole).not.toBe("");
    expect(JSON.stringify(template.findResources("AWS::IAM::Policy"))).not.toContain(chatRole);
  });

  test("the sender learns the topic of each owner who has a channel", () => {
    const topic = Object.keys(template.findResources("AWS::SNS::Topic")).find((id) =>
      id.includes("Topiccheckoutowner"),
    );

    expect(chatTopicArns(template)).toEqual({
      "Fn::Join": ["", ['{"checkout-owner":"', { Ref: topic }, '"}']],
    });
  });

  test("without any channel there is no chat, and an empty object says so", () => {
    const emailOnly = templateOf({
      owners: [
        { id: "checkout-owner", email: "checkout-owner@example.com" },
        { id: "search-owner", email: "search-owner@example.com" },
      ],
    });

    emailOnly.resourceCountIs("AWS::Chatbot::SlackChannelConfiguration", 0);
    expect(chatTopicArns(emailOnly)).toBe("{}");
  });

  test("owners who share a channel have a topic each, as a channel can be configured only once", () => {
    const shared = templateOf({
      owners: [
        { id: "checkout-owner", email: "checkout-owner@example.com", slack: CHANNEL },
        { id: "search-owner", email: "search-owner@example.com", slack: CHANNEL },
      ],
    });

    shared.resourceCountIs("AWS::Chatbot::SlackChannelConfiguration", 1);
    shared.hasResourceProperties("AWS::Chatbot::SlackChannelConfiguration", {
      SnsTopicArns: [{ Ref: Match.anyValue() }, { Ref: Match.anyValue() }],
    });
  });
});
