import { compilePolicy, type Policy, wildcard } from "./iam.ts";
import { isObject } from "./json.ts";
import type { PolicyStatement } from "./policy-document.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";
import { ACCOUNT_ID } from "./template.ts";

/** AWS managed policies that a role may name: they allow logging only, which nothing checks here. */
const LOGGING_POLICIES = /:iam::aws:policy\/service-role\/AWSLambdaBasicExecutionRole$/;

/** What the identity policies of a role allow, whether inline or attached. */
export function rolePolicy(stack: Stack, roleArn: string, neededBy: string): Policy {
  const role = stack.byArn("AWS::IAM::Role", roleArn);
  if (role === undefined) {
    throw new Error(`resource ${neededBy}: role ${roleArn} is not in the stack`);
  }
  const { ManagedPolicyArns, Policies } = role.properties;
  const unknown = ManagedPolicyArns.find((arn) => !LOGGING_POLICIES.test(arn));
  if (unknown !== undefined) {
    throw new Error(
      `resource ${role.logicalId}: managed policy ${unknown} is not emulated locally`,
    );
  }
  const attached = stack
    .resources("AWS::IAM::Policy")
    .filter(({ properties }) => properties.Roles.includes(stack.physicalName(role.logicalId)));
  const statements: readonly PolicyStatement[] = [
    ...Policies,
    ...attached.map(({ properties }) => properties),
  ].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  try {
    return compilePolicy(statements);
  } catch (cause) {
    throw new Error(`resource ${role.logicalId}: ${String(cause)}`, { cause });
  }
}

/**
 * Checks that a role allows what a service does on its behalf.
 *
 * @throws {Error} naming the action and the resource that are missing.
 */
export function requireRoleAccess(
  policy: Policy,
  neededBy: string,
  role: string,
  accesses: readonly (readonly [action: string, resource: string])[],
): void {
  for (const [action, resource] of accesses) {
    if (!policy({ action, resource })) {
      throw new Error(`${neededBy}: the role of ${role} does not allow ${action} on ${resource}`);
    }
  }
}

/**
 * Checks that a function's resource policy lets a service invoke it.
 *
 * @throws {Error} if no `AWS::Lambda::Permission` does.
 */
export function requirePermission(
  stack: Stack,
  lambda: Resource<"AWS::Lambda::Function">,
  principal: string,
  sourceArn: string,
  neededBy: string,
): void {
  const names = [stack.arn(lambda.logicalId), stack.physicalName(lambda.logicalId)];
  const granted = stack
    .resources("AWS::Lambda::Permission")
    .some(
      ({ properties }) =>
        names.includes(properties.FunctionName) &&
        properties.Principal === principal &&
        ["lambda:InvokeFunction", "lambda:*"].includes(properties.Action) &&
        (properties.SourceArn === undefined || wildcard(properties.SourceArn).test(sourceArn)),
    );
  if (!granted) {
    throw new Error(
      `resource ${neededBy}: no AWS::Lambda::Permission lets ${principal} invoke ${lambda.logicalId} for ${sourceArn}`,
    );
  }
}

/**
 * Checks that a service may assume a role on behalf of a source.
 *
 * @throws {Error} if the role's trust policy does not let it.
 */
export function requireTrust(
  stack: Stack,
  roleArn: string,
  service: string,
  sourceArn: string,
  neededBy: string,
): void {
  const role = stack.byArn("AWS::IAM::Role", roleArn);
  const statements = role?.properties.AssumeRolePolicyDocument.Statement ?? [];
  const trusted = compilePolicy(
    statements.filter(({ Principal }) => namesService(Principal, service)),
  )({
    action: "sts:AssumeRole",
    resource: roleArn,
    context: { "aws:sourcearn": [sourceArn], "aws:sourceaccount": [ACCOUNT_ID] },
  });
  if (!trusted) {
    throw new Error(
      `resource ${neededBy}: ${service} may not assume role ${roleArn} for ${sourceArn}`,
    );
  }
}

/**
 * Checks that a queue's policy lets a service send to it on behalf of a source.
 *
 * @throws {Error} if no `AWS::SQS::QueuePolicy` does.
 */
export function requireQueueAccess(
  stack: Stack,
  queue: Resource<"AWS::SQS::Queue">,
  service: string,
  sourceArn: string,
  neededBy: string,
): void {
  const queueUrl = stack.queueUrl(queue);
  const statements = stack
    .resources("AWS::SQS::QueuePolicy")
    .filter(({ properties }) => properties.Queues.includes(queueUrl))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .filter(({ Principal }) => namesService(Principal, service));
  const allowed = compilePolicy(statements)({
    action: "sqs:SendMessage",
    resource: stack.arn(queue.logicalId),
    context: { "aws:sourcearn": [sourceArn], "aws:sourceaccount": [ACCOUNT_ID] },
  });
  if (!allowed) {
    throw new Error(
      `resource ${neededBy}: the policy of queue ${queue.logicalId} does not let ${service} send to it for ${sourceArn}`,
    );
  }
}

function namesService(principal: unknown, service: string): boolean {
  if (!isObject(principal)) {
    return principal === "*";
  }
  return [principal["Service"], principal["AWS"]]
    .flat()
    .some((name) => name === service || name === "*");
}
