import type { PolicyStatement } from "./policy-document.ts";

/** One question to IAM: may the caller do this to that? */
export type AccessRequest = {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, with the keys in lower case. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

export type Policy = (request: AccessRequest) => boolean;

type Test = (request: AccessRequest) => boolean;

/** Keys that requests here can carry. The last two only guard KMS calls, which no function makes. */
const CONDITION_KEYS = new Set([
  "aws:securetransport",
  "aws:sourcearn",
  "aws:sourceaccount",
  "dynamodb:leadingkeys",
  "kms:viaservice",
  "kms:encryptioncontext:aws:secretsmanager:arn",
]);

const MATCHERS: Readonly<Record<string, (wanted: string, given: string) => boolean>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => wildcard(wanted).test(given),
  ArnEquals: (wanted, given) => wildcard(wanted).test(given),
  ArnLike: (wanted, given) => wildcard(wanted).test(given),
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
};

/**
 * Compiles identity-policy statements into a decision: an explicit deny wins, then any allow.
 *
 * @throws {Error} on a condition operator or key that is not known here.
 */
export function compilePolicy(statements: readonly PolicyStatement[]): Policy {
  const compiled = statements.map((statement) => ({
    denies: statement.Effect === "Deny",
    applies: compileStatement(statement),
  }));
  return (request) => {
    let allowed = false;
    for (const { denies, applies } of compiled) {
      if (applies(request)) {
        if (denies) {
          return false;
        }
        allowed = true;
      }
    }
    return allowed;
  };
}

function compileStatement(statement: PolicyStatement): Test {
  const actions = (statement.Action ?? statement.NotAction ?? []).map((action) =>
    wildcard(action, "is"),
  );
  const resources = (statement.Resource ?? statement.NotResource ?? []).map((resource) =>
    wildcard(resource),
  );
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operator, key, values)),
  );
  // A resource policy may leave the resource out: it means the resource that it is attached to.
  const anyResource = statement.Resource === undefined && statement.NotResource === undefined;
  return (request) =>
    actions.some((action) => action.test(request.action)) === (statement.Action !== undefined) &&
    (anyResource ||
      resources.some((resource) => resource.test(request.resource)) ===
        (statement.Resource !== undefined)) &&
    conditions.every((condition) => condition(request));
}

function compileCondition(operator: string, key: string, wanted: readonly string[]): Test {
  const [, set, family = "", negated, rest, ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(String|Arn)?(Not)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const name = `${family}${rest}`;
  const matches = MATCHERS[name];
  const conditionKey = key.toLowerCase();
  if (matches === undefined) {
    throw new Error(`IAM condition operator ${operator} is not emulated locally`);
  }
  if (!CONDITION_KEYS.has(conditionKey)) {
    throw new Error(`IAM condition key ${key} is not emulated locally`);
  }
  const holds = (given: string) =>
    wanted.some((value) => matches(value, given)) === (negated === undefined);
  const whenAbsent = set === "ForAllValues" || ifExists !== undefined || negated !== undefined;
  return ({ context }) => {
    const given = conditionKey === "aws:securetransport" ? ["true"] : context?.[conditionKey];
    if (given === undefined || given.length === 0) {
      return whenAbsent;
    }
    return set === "ForAnyValue" ? given.some(holds) : given.every(holds);
  };
}

/** A pattern with `*` and `?`, as in policies, turned into a regular expression. */
export function wildcard(pattern: string, flags = "s"): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}
