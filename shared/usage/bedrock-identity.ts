import { normalisedSubject } from "../directory/subject.ts";
import type { BedrockRecord } from "./bedrock-record.ts";
import { isPlainText, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";

/** The tool's name in every report. */
export const BEDROCK_TOOL = "bedrock";

/** `arn:aws:sts::123456789012:assumed-role/<role>/<session>`, `arn:aws:iam::123456789012:user/<path>/<name>`. */
const PRINCIPAL = /^arn:[\w-]+:(?:sts|iam)::(\d{12}):(assumed-role|user|federated-user)\/(.+)$/;
/** Roles that IAM Identity Center makes: the name of their sessions is the person's user name. */
const IDENTITY_CENTER_ROLE = /^AWSReservedSSO_/;

/** Names under which callers may say it, in this order. */
const USER_KEYS = ["user", "userEmail", "user_email", "userId", "user_id"] as const;
const SESSION_KEYS = ["session", "sessionId", "session_id"] as const;

/** Who made a call, in which session, and what for. */
export function bedrockContext(record: BedrockRecord) {
  const said = (keys: readonly string[], maxLength: number) =>
    saidBy(record.requestMetadata, keys, maxLength);
  return givenFields({
    session: said(SESSION_KEYS, MAX_LENGTH.session) ?? "-",
    tool: BEDROCK_TOOL,
    subject: subjectOf(record.identity?.arn, said(USER_KEYS, MAX_LENGTH.subject)),
    useCase: said(["useCase", "use_case"], MAX_LENGTH.name),
    repository: said(["repository"], MAX_LENGTH.name),
    branch: said(["branch"], MAX_LENGTH.name),
  });
}

function saidBy(
  metadata: BedrockRecord["requestMetadata"],
  keys: readonly string[],
  maxLength: number,
): string | undefined {
  return keys
    .map((key) => metadata?.[key])
    .find((value): value is string => typeof value === "string" && isPlainText(value, maxLength));
}

/**
 * The person that AWS authenticated, if the principal is one; else whom the caller names, as a gateway does
 * for its users; else the role or user of IAM. A role is one user, however many machines assume it.
 */
function subjectOf(arn: string | undefined, named: string | undefined): string | undefined {
  const principal = principalOf(arn);
  if (principal?.kind === "person") {
    return principal.subject;
  }
  if (named !== undefined) {
    return normalisedSubject(named.includes("@") ? named : `${BEDROCK_TOOL}:${named}`);
  }
  return principal?.subject;
}

type Principal = { readonly kind: "person" | "program"; readonly subject: string };

function principalOf(arn = ""): Principal | undefined {
  const [, account = "", kind, path = ""] = PRINCIPAL.exec(arn) ?? [];
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (kind === undefined || name === "") {
    return undefined;
  }
  if (name.includes("@")) {
    return { kind: "person", subject: normalisedSubject(name) };
  }
  const [role = ""] = path.split("/");
  if (kind === "assumed-role" && IDENTITY_CENTER_ROLE.test(role)) {
    return { kind: "person", subject: `aws-sso:${name}` };
  }
  return { kind: "program", subject: `aws:${account}:${kind === "assumed-role" ? role : name}` };
}
