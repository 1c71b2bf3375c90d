/** Attributes under which tools send what people typed, what models answered, and what was run. */
const CONTENT_ATTRIBUTES = [
  "prompt",
  "user_prompt",
  "response",
  "tool_input",
  "tool_parameters",
  "tool_result",
  "full_command",
  "bash_command",
  "function_args",
  "arguments",
  "output",
  "error",
  "request_body",
  "response_body",
  "gen_ai.prompt",
  "gen_ai.completion",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.call.arguments",
  "api_key",
  "authorization",
] as const;

/** About where a sender runs, and how it was started. */
const RESOURCE_ATTRIBUTES = [
  "process.command_line",
  "process.command_args",
  "process.owner",
  "host.name",
  "host.ip",
  "os.user",
  "ANTHROPIC_API_KEY",
] as const;

/** Who did it: known by a pseudonym only. */
const PERSON_ATTRIBUTES: ReadonlySet<string> = new Set([
  "user.email",
  "enduser.id",
  "user.id",
  "user.account_id",
  "user.account_uuid",
]);

/** Members of payloads with people's words, addresses and files in them, whatever their depth. */
const CONTENT_MEMBERS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "summary",
  "email",
  "emailAddress",
  "displayName",
  "name_of_author",
  "username",
  "login",
  "messages",
  "response",
  "api_key",
  "user_api_key_hash",
  "requester_ip_address",
  "end_user",
  "user_api_key_user_email",
  "model_parameters",
  "error_str",
]);

export type Canaries = ReturnType<typeof canaries>;
type Json = Readonly<Record<string, unknown>>;

/** Texts that occur nowhere else. All begin alike, so that one search finds all of them. */
export function canaries(start: string) {
  let count = 0;
  const text = (place: string) => {
    count += 1;
    return `${start}${count} ${place}`;
  };
  const email = () => `${text("person").replaceAll(" ", "-")}@example.com`;
  const attributes = (names: readonly string[]) =>
    [...names, text("name")].map((key) => ({ key, value: { stringValue: text(key) } }));

  const inAttributes = (list: readonly unknown[], parent: string): readonly unknown[] => [
    ...list.map((item) => inOtlp(item, parent)),
    ...attributes(parent === "resource" ? RESOURCE_ATTRIBUTES : CONTENT_ATTRIBUTES),
  ];

  /** Into every list of attributes, and into the bodies of log records. */
  const inOtlp = (value: unknown, parent = ""): unknown => {
    if (Array.isArray(value)) {
      return isAttributes(value)
        ? inAttributes(value, parent)
        : value.map((item: unknown) => inOtlp(item, parent));
    }
    return isObject(value) ? inOtlpObject(value, parent) : value;
  };

  const inOtlpObject = (object: Json, parent: string): unknown => {
    if (PERSON_ATTRIBUTES.has(String(object["key"]))) {
      return { ...object, value: { stringValue: email() } };
    }
    const members = Object.entries(object).map(([name, member]) => [
      name,
      inOtlp(member, name === "attributes" ? parent : name),
    ]);
    const body = "body" in object ? { body: { stringValue: text("body") } } : {};
    return { ...Object.fromEntries(members), ...body };
  };

  /** Into members that hold content, and as another member into every object. */
  const inPayload = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(inPayload);
    }
    if (!isObject(value)) {
      return value;
    }
    const members = Object.entries(value).map(([name, member]) => [
      name,
      CONTENT_MEMBERS.has(name) ? contentLike(member) : inPayload(member),
    ]);
    return {
      ...Object.fromEntries(members),
      [`${text("member")}`]: text("value"),
      prompt: { role: "user", content: [{ type: "text", text: text("prompt") }] },
    };
  };

  const contentLike = (member: unknown): unknown => {
    if (typeof member === "string") {
      return member.includes("@") ? email() : text("content");
    }
    return isObject(member) || Array.isArray(member) ? inPayload(member) : member;
  };

  return { text, email, inOtlp, inPayload, start };
}

function isAttributes(list: readonly unknown[]): boolean {
  return list.some((item) => isObject(item) && typeof item["key"] === "string" && "value" in item);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
