import { PublishCommand, SNSClient, ThrottledException } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { publishClient, snsNotifier } from "../../../functions/adapters/sns-notifier.ts";
import { NotAcceptedError } from "../../../shared/ports/notifier.ts";
import { aWindowAlert } from "../../support/alerts.ts";

const EMAIL = "arn:aws:sns:eu-central-1:111122223333:email";
const CHAT = "arn:aws:sns:eu-central-1:111122223333:chat-shop";
const OPERATIONS = "arn:aws:sns:eu-central-1:111122223333:operations";
const throttled = new ThrottledException({ message: "no", $metadata: { httpStatusCode: 429 } });
const sns = mockClient(SNSClient);

const LINK = { url: "https://api.example.com/v1/alerts/token", lastDay: "2026-11-11" };

function setup({ chat = true, link = true } = {}) {
  return snsNotifier(
    new SNSClient({}),
    {
      emailTopicArn: EMAIL,
      chatTopicArns: new Map(chat ? [["owner-shop", CHAT]] : []),
      operationsTopicArn: OPERATIONS,
    },
    {
      owners: [
        { id: "owner-shop", email: "owner-shop@example.com" },
        { id: "owner-rest", email: "owner-rest@example.com" },
      ],
      fallbackOwner: "owner-rest",
    },
    ({ owner }) => Promise.resolve(link ? { ...LINK, url: `${LINK.url}/${owner}` } : undefined),
    0,
  );
}

function publishedTo(topicArn: string) {
  return sns
    .commandCalls(PublishCommand)
    .map(({ args }) => args[0].input)
    .filter(({ TopicArn }) => TopicArn === topicArn);
}

beforeEach(() => {
  sns.reset();
});

describe("alert", () => {
  test("publishes the e-mail, routed by owner, then the copy for the owner's channel", async () => {
    sns.on(PublishCommand, { TopicArn: EMAIL }).resolves({ MessageId: "m-1" });
    sns.on(PublishCommand, { TopicArn: CHAT }).resolves({ MessageId: "m-2" });

    expect(await setup().alert(aWindowAlert())).toEqual({
      to: "owner-shop",
      messageIds: ["m-1", "m-2"],
    });
    expect(publishedTo(EMAIL)).toEqual([
      {
        TopicArn: EMAIL,
        Subject:
          "Outpace: spend unusual for delivered work, $412.50, team-checkout, 2026-10-05 to 2026-10-11",
        Message: expect.stringContaining("WHAT HAPPENED"),
        MessageAttributes: {
          budgetOwner: { DataType: "String", StringValue: "owner-shop" },
          alertType: { DataType: "String", StringValue: "TOKENMAXXING" },
        },
      },
    ]);
    const [chat] = publishedTo(CHAT);
    expect(JSON.parse(chat?.Message ?? "")).toMatchObject({ version: "1.0", source: "custom" });
  });

  test("e-mail and copy hold the link to answer by, and no command", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });

    await setup().alert(aWindowAlert());

    const [email, chat] = [publishedTo(EMAIL), publishedTo(CHAT)].map(([each]) => each?.Message);
    expect(email).toContain(`\nAnswer: ${LINK.url}/owner-shop\n`);
    expect(chat).toContain(`<${LINK.url}/owner-shop|Answer>`);
    expect(`${email}${chat}`).not.toContain("npm run");
  });

  test("without a link, the message goes out all the same, with the command", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });

    await setup({ link: false }).alert(aWindowAlert());

    expect(publishedTo(EMAIL)[0]?.Message).toContain("npm run alerts -- answer");
  });

  test("an owner without a channel gets the e-mail only", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });

    expect(await setup({ chat: false }).alert(aWindowAlert())).toEqual({
      to: "owner-shop",
      messageIds: ["m-1"],
    });
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  test("an alert for an owner that nobody configured goes to the fallback owner, not to nobody", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });

    const { to } = await setup().alert(aWindowAlert({ owner: "unassigned" }));

    expect(to).toBe("owner-rest");
    expect(publishedTo(EMAIL)[0]?.Message).toContain(`${LINK.url}/owner-rest\n`);
    expect(publishedTo(EMAIL)[0]?.MessageAttributes?.["budgetOwner"]?.StringValue).toBe(
      "owner-rest",
    );
  });

  test("a refused e-mail is not accepted, and the channel gets nothing that the mail does not say", async () => {
    sns.on(PublishCommand).rejects(throttled);

    await expect(setup().alert(aWindowAlert())).rejects.toThrow(NotAcceptedError);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  test("a timeout of the e-mail leaves open whether it went out, and is not tried again", async () => {
    const timeout = Object.assign(new Error("timed out"), { name: "TimeoutError" });
    sns.on(PublishCommand).rejects(timeout);

    await expect(setup().alert(aWindowAlert())).rejects.toBe(timeout);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  test("a throttled copy for the channel is tried again: it was certainly not taken", async () => {
    sns.on(PublishCommand, { TopicArn: EMAIL }).resolves({ MessageId: "m-1" });
    sns
      .on(PublishCommand, { TopicArn: CHAT })
      .rejectsOnce(throttled)
      .resolves({ MessageId: "m-2" });

    expect(await setup().alert(aWindowAlert())).toEqual({
      to: "owner-shop",
      messageIds: ["m-1", "m-2"],
    });
  });

  test.each([
    ["that stays throttled", throttled, 3],
    ["that times out", new Error("timed out"), 1],
  ])(
    "a copy %s is left, operators hear of it, and the e-mail is not sent again",
    async (_, error, attempts) => {
      sns.on(PublishCommand, { TopicArn: EMAIL }).resolves({ MessageId: "m-1" });
      sns.on(PublishCommand, { TopicArn: CHAT }).rejects(error);
      sns.on(PublishCommand, { TopicArn: OPERATIONS }).resolves({ MessageId: "m-3" });

      expect(await setup().alert(aWindowAlert())).toEqual({
        to: "owner-shop",
        messageIds: ["m-1"],
      });
      expect(publishedTo(CHAT)).toHaveLength(attempts);
      expect(publishedTo(OPERATIONS)[0]?.Subject).toBe(
        "Outpace: a chat channel did not get an alert",
      );
    },
  );

  test("if operators cannot be told either, the alert still counts as sent: the owner has it", async () => {
    sns.on(PublishCommand).rejects(throttled);
    sns.on(PublishCommand, { TopicArn: EMAIL }).resolves({ MessageId: "m-1" });

    expect(await setup().alert(aWindowAlert())).toEqual({ to: "owner-shop", messageIds: ["m-1"] });
  });
});

describe("operations", () => {
  test("publishes to the operators' topic, with a subject that SNS accepts", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });

    await setup().operations("Uncertain:\nalert — 1", "text");

    expect(publishedTo(OPERATIONS)).toEqual([
      { TopicArn: OPERATIONS, Subject: "Uncertain: alert 1", Message: "text" },
    ]);
  });
});

describe("publishClient", () => {
  test("sends a message once, even when SNS answers with an error that the SDK would retry", async () => {
    sns.restore();
    let requests = 0;
    const client = publishClient({
      region: "eu-central-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      requestHandler: {
        handle: () => {
          requests += 1;
          return Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
        },
      },
    });

    await expect(
      client.send(new PublishCommand({ TopicArn: EMAIL, Message: "x" })),
    ).rejects.toThrow("reset");
    expect(requests).toBe(1);
  });
});
