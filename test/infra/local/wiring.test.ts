import { beforeAll, describe, expect, test } from "vitest";
import { startHost } from "../../../infra/local/host.ts";
import type { Template } from "../../../infra/local/template.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";

type Definition = Template["Resources"][string];

let assembly: string;

beforeAll(async () => {
  assembly = await fixtureAssembly();
});

/** Boots with a changed template, expecting that it cannot. */
async function bootError(template: (template: Template) => void): Promise<string> {
  try {
    const host = await startHost({ assembly, timers: false, template });
    await host.close();
    return "none";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function resource({ Resources }: Template, prefix: string): Definition {
  const [, found] = Object.entries(Resources).find(([id]) => id.startsWith(prefix)) ?? [];
  if (found === undefined) {
    throw new Error(`the fixture has no ${prefix}`);
  }
  return found;
}

function remove({ Resources }: Template, prefix: string): void {
  for (const id of Object.keys(Resources)) {
    if (id.startsWith(prefix)) {
      delete Resources[id];
    }
  }
}

describe("a boot is refused, naming the resource,", () => {
  test.each<[string, (template: Template) => void, RegExp]>([
    [
      "for a resource type that is not known",
      ({ Resources }) => {
        Resources["Machine"] = { Type: "AWS::EC2::Instance", Properties: {} };
      },
      /resource Machine \(AWS::EC2::Instance\): this resource type is not emulated/,
    ],
    [
      "for a property that is not known",
      (template) => {
        resource(template, "ApiF70").Properties["Layers"] = ["arn:aws:lambda:layer"];
      },
      /resource Api\w+ \(AWS::Lambda::Function\).*Unrecognized key: "Layers"/s,
    ],
    [
      "for an intrinsic that is not known",
      (template) => {
        resource(template, "Topic").Properties["TopicName"] = { "Fn::If": ["A", "b", "c"] };
      },
      /resource Topic\w+ \(AWS::SNS::Topic\): intrinsic function Fn::If is not emulated/,
    ],
    [
      "for a condition",
      (template) => {
        resource(template, "Topic")["Condition"] = "OnlyInProduction";
      },
      /resource Topic\w+ \(AWS::SNS::Topic\): conditions are not emulated/,
    ],
    [
      "for a condition operator that is not known",
      (template) => {
        resource(template, "JobServiceRoleDefaultPolicy").Properties["PolicyDocument"] = {
          Statement: [
            {
              Effect: "Allow",
              Action: "dynamodb:*",
              Resource: "*",
              Condition: { DateLessThan: { "aws:CurrentTime": "2026-01-01" } },
            },
          ],
        };
      },
      /resource JobServiceRole\w+: .*condition operator DateLessThan is not emulated/,
    ],
    [
      "for a filter rule that is not known",
      (template) => {
        resource(template, "ConsumeStreamDynamoDB").Properties["FilterCriteria"] = {
          Filters: [{ Pattern: '{"eventName":[{"wildcard":"I*"}]}' }],
        };
      },
      /resource ConsumeStream\w+ \(AWS::Lambda::EventSourceMapping\): filter rule .*wildcard/,
    ],
    [
      "for a notification filter that is not known",
      (template) => {
        const text = JSON.stringify(resource(template, "Bucket").Properties);
        resource(template, "Bucket").Properties = JSON.parse(text.replace('"prefix"', '"regex"'));
      },
      /resource Bucket: filter rule regex is not emulated/,
    ],
    [
      "for a schedule expression that is not known",
      (template) => {
        resource(template, "Nightly").Properties["ScheduleExpression"] = "at(2026-11-21T00:00:00)";
      },
      /resource Nightly\w+: schedule at\(.*\) is not emulated/,
    ],
    [
      "when a queue's consumer may not receive from it",
      (template) => remove(template, "ConsumeQueueServiceRoleDefaultPolicy"),
      /resource ConsumeQueueSqs\w+: the role of ConsumeQueue\w+ does not allow sqs:ReceiveMessage on arn:aws:sqs:.*-Queue/,
    ],
    [
      "when a stream's consumer may not read it",
      (template) => remove(template, "ConsumeStreamServiceRoleDefaultPolicy"),
      /the role of ConsumeStream\w+ does not allow dynamodb:DescribeStream on arn:aws:dynamodb:.*stream/,
    ],
    [
      "when the API may not invoke a route's function",
      (template) => remove(template, "HttpApiPOSTclosedApiPermission"),
      /resource HttpApiPOSTclosed\w+: no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke Api/,
    ],
    [
      "when a topic may not invoke its subscriber",
      (template) => remove(template, "ConsumeTopicAllowInvoke"),
      /no AWS::Lambda::Permission lets sns.amazonaws.com invoke ConsumeTopic/,
    ],
    [
      "when a bucket may not send to its queue",
      (template) => remove(template, "QueuePolicy"),
      /resource Bucket: the policy of queue Queue\w+ does not let s3.amazonaws.com send to it/,
    ],
    [
      "when a schedule's role may not invoke the target",
      (template) => {
        for (const id of Object.keys(template.Resources)) {
          if (/^SchedulerRole\w*DefaultPolicy/.test(id)) {
            remove(template, id);
          }
        }
      },
      /resource Nightly\w+: the role of Nightly\w+ does not allow lambda:InvokeFunction on arn:.*Job/,
    ],
  ])("%s", async (_reason, template, message) => {
    expect(await bootError(template)).toMatch(message);
  });
});

describe("what a test takes away", () => {
  test("is missing at run time: a grant", async () => {
    const host = await startHost({
      assembly,
      timers: false,
      template: (template) => remove(template, "JobServiceRoleDefaultPolicy"),
    });

    await expect(host.invoke("Job", { job: "put" })).rejects.toThrow(
      /not authorized to perform: dynamodb:PutItem/,
    );
    await host.close();
  });

  test("is missing at run time: a variable", async () => {
    const host = await startHost({
      assembly,
      timers: false,
      template: (template) => {
        delete resource(template, "JobB").Properties["Environment"];
      },
    });

    await expect(host.invoke("Job", { job: "put" })).rejects.toThrow(
      /PutItem on resource: .*table\/\*/,
    );
    await host.close();
  });

  test("is missing at run time: a route", async () => {
    const host = await startHost({
      assembly,
      timers: false,
      template: (template) => remove(template, "HttpApiPOSTthrows"),
    });

    expect((await fetch(`${host.apiUrl}/throws`, { method: "POST" })).status).toBe(404);
    await host.close();
  });
});

test("a name that fits more than one function is an error, not a guess", async () => {
  const host = await startHost({ assembly, timers: false });

  expect(() => host.stack.find("AWS::Lambda::Function", "Consume")).toThrow(
    /expected one AWS::Lambda::Function .* starts with Consume, got 3 of: ConsumeQueue/,
  );
  await host.close();
});
