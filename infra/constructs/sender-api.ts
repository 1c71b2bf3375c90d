import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct, Node } from "constructs";
import type { DirectoryTable } from "./directory-table.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

/** Requests a second; a sender that is throttled gets 429 and sends again. */
const SENDER_LIMITS = { rateLimit: 500, burstLimit: 1_000 };

/**
 * Of each route that is open to whoever has its address. Its own, so that a flood of telemetry turns
 * nobody away who answers an alert, and somebody who tries links no sender.
 */
const OPEN_LIMITS = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

/** In five minutes: a store that is throttled for a moment is no news, and senders come back. */
const SERVER_ERRORS_PASSED_OVER = 20;

export type SenderApiProps = {
  readonly platform: FunctionPlatform;
  readonly directory: DirectoryTable;
};

/** The door: the HTTP API of the senders, who show a key, and of whoever follows a link in an alert. */
export class SenderApi extends Construct {
  readonly url: string;
  readonly #api: HttpApi;
  readonly #authorizer: IHttpRouteAuthorizer;
  readonly #signed: Construct;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, { platform, directory }: SenderApiProps) {
    super(scope, id);
    const authorize = new ServiceFunction(this, "AuthorizeSender", {
      platform,
      name: "authorize-sender",
      environment: { DIRECTORY_TABLE_NAME: directory.tableName },
      impact: "Senders are turned away: usage and outcomes arrive late, or not at all.",
      size: { memoryMb: 256, timeout: Duration.seconds(5) },
    });
    directory.grantFindSenderKey(authorize.function);
    this.#authorizer = new HttpLambdaAuthorizer("Senders", authorize.function, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ["$request.header.Authorization"],
      resultsCacheTtl: Duration.minutes(1),
    });
    this.#api = new HttpApi(this, "Api", {
      description: "Outpace: usage and outcomes",
      createDefaultStage: false,
    });
    this.#signed = new Construct(this, "Signed");
    Validations.of(this.#signed).acknowledge({
      id: "AwsSolutions-APIG4",
      reason:
        "Whoever sends a webhook, or follows a link in a message, shows no key of ours: the function verifies the signature, or the secret token, before anything else.",
    });
    this.#stage = this.#addStage(platform);
    platform.operations.alarm(this, "ServerErrors", {
      // The functions answer 503 rather than fail, so their own errors do not show this.
      metric: this.#api.metricServerError({ period: Duration.minutes(5), statistic: "Sum" }),
      above: SERVER_ERRORS_PASSED_OVER,
      impact: "Senders are asked to send again: usage and outcomes arrive late.",
      runbook: "senders-are-asked-to-send-again",
    });
    this.url = this.#api.apiEndpoint;
  }

  /** A route for senders that show a key. */
  post(path: string, target: LambdaFunction): void {
    this.#api.addRoutes({
      path,
      methods: [HttpMethod.POST],
      integration: integrationOf(path, target),
      authorizer: this.#authorizer,
    });
  }

  /** A route whose function verifies a signature over the body itself. */
  postSigned(path: string, target: LambdaFunction): void {
    new HttpRoute(this.#signed, `POST${path}`, {
      httpApi: this.#api,
      routeKey: HttpRouteKey.with(path, HttpMethod.POST),
      integration: integrationOf(path, target),
      authorizer: new HttpNoneAuthorizer(),
    });
  }

  /**
   * A page to look at, to ask for with `HEAD` as link scanners do, and to send a form from, whose function
   * verifies the signature in its address itself.
   */
  linked(path: string, target: LambdaFunction): void {
    const integration = integrationOf(path, target, "Open");
    const stage = Node.of(this.#stage).defaultChild;
    for (const method of [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST]) {
      const routeKey = HttpRouteKey.with(path, method);
      const route = new HttpRoute(this.#signed, `${method}${path}`, {
        httpApi: this.#api,
        routeKey,
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
      if (stage instanceof CfnStage) {
        stage.addPropertyOverride(`RouteSettings.${routeKey.key}`, OPEN_LIMITS);
      }
      // A stage is refused that names a route which is not there yet.
      this.#stage.node.addDependency(route);
    }
  }

  #addStage({ logRetention }: FunctionPlatform): HttpStage {
    const accessLog = new LogGroup(this, "AccessLog", {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new HttpStage(this, "Stage", {
      httpApi: this.#api,
      autoDeploy: true,
      throttle: SENDER_LIMITS,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG_FORMAT),
      },
    });
  }
}

function integrationOf(path: string, target: LambdaFunction, verb = "Post"): HttpLambdaIntegration {
  return new HttpLambdaIntegration(`${verb}${path.replaceAll(/\W+/g, "-")}`, target);
}

// No header, query or body: nothing that says who sent what.
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: AccessLogField.contextRequestId(),
  requestTime: AccessLogField.contextRequestTime(),
  routeKey: "$context.routeKey",
  status: AccessLogField.contextStatus(),
  responseLatency: AccessLogField.contextResponseLatency(),
  integrationError: "$context.integrationErrorMessage",
  authorizerError: AccessLogField.contextAuthorizerError(),
});
