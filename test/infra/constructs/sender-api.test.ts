import type { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { functionsOf, templateOf } from "../../support/outpace-template.ts";

let template: Template;

beforeAll(() => {
  template = templateOf();
});

/** Route key, function, and kind of authorisation of every route. */
function routes(template: Template): readonly (readonly [string, string, string])[] {
  const names = new Map([...functionsOf(template)].map(([name, { id }]) => [id, name]));
  const integrations = template.findResources("AWS::ApiGatewayV2::Integration");
  return Object.values(template.findResources("AWS::ApiGatewayV2::Route")).map(
    ({ Properties: { RouteKey, Target, AuthorizationType } }) => {
      const integration = integrations[Target["Fn::Join"][1][1].Ref];
      const target = integration?.["Properties"].IntegrationUri["Fn::GetAtt"][0];
      return [RouteKey, names.get(target) ?? "", AuthorizationType];
    },
  );
}

describe("SenderApi", () => {
  test("every route needs a sender's key, but those that check GitHub's signature, and that of a link", () => {
    expect(new Set(routes(template))).toEqual(
      new Set([
        ["POST /v1/logs", "ingest-usage", "CUSTOM"],
        ["POST /v1/metrics", "ingest-usage", "CUSTOM"],
        ["POST /v1/traces", "ingest-usage", "CUSTOM"],
        ["POST /v1/usage", "ingest-usage", "CUSTOM"],
        ["POST /v1/litellm", "ingest-usage", "CUSTOM"],
        ["POST /v1/outcomes", "ingest-outcomes", "CUSTOM"],
        ["POST /v1/cdevents", "ingest-outcomes", "CUSTOM"],
        [
          "POST /plugins/webhook/connections/{connectionId}/deployments",
          "ingest-outcomes",
          "CUSTOM",
        ],
        ["POST /webhooks/github", "ingest-outcomes", "NONE"],
        ["GET /v1/alerts/{link}", "answer-alert", "NONE"],
        ["HEAD /v1/alerts/{link}", "answer-alert", "NONE"],
        ["POST /v1/alerts/{link}", "answer-alert", "NONE"],
      ]),
    );
  });

  test("webhooks that are configured have a route each, whose function checks who sends", () => {
    const configured = templateOf({ outcomeSources: { gitlab: true, jira: {} } });

    const signed = routes(configured).filter(([route]) => route.includes("/webhooks/"));

    expect(new Set(signed)).toEqual(
      new Set([
        ["POST /webhooks/github", "ingest-outcomes", "NONE"],
        ["POST /webhooks/gitlab", "ingest-outcomes", "NONE"],
        ["POST /webhooks/jira", "ingest-outcomes", "NONE"],
      ]),
    );
  });

  test("a revoked key is let in for a minute at most", () => {
    template.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
      AuthorizerType: "REQUEST",
      AuthorizerPayloadFormatVersion: "2.0",
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ["$request.header.Authorization"],
    });
  });

  test("the access log has no header, address or body in it", () => {
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));

    const format = JSON.parse(stage?.["Properties"].AccessLogSettings.Format);

    expect(Object.values(format)).toEqual([
      "$context.requestId",
      "$context.requestTime",
      "$context.routeKey",
      "$context.status",
      "$context.responseLatency",
      "$context.integrationErrorMessage",
      "$context.authorizer.error",
    ]);
  });

  test("a sender gone wild is throttled before it costs much", () => {
    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
  });

  test("neither takes a flood of senders the links in alerts away, nor the other way round", () => {
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
    const open = routes(template).filter(([, name]) => name === "answer-alert");

    expect(stage?.["Properties"].RouteSettings).toEqual(
      Object.fromEntries(
        open.map(([key]) => [key, { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]),
      ),
    );
  });

  test("the stage comes after the routes that it limits: it refuses to name one that is not there", () => {
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
    const keys = Object.entries(template.findResources("AWS::ApiGatewayV2::Route"))
      .filter(([id]) => stage?.["DependsOn"]?.includes(id))
      .map(([, { Properties }]) => Properties.RouteKey);

    expect(keys).toHaveLength(3);
    expect(new Set(keys)).toEqual(new Set(Object.keys(stage?.["Properties"].RouteSettings ?? {})));
  });
});
