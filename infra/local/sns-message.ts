import { isObject, jsonOrText, listOf } from "./json.ts";

export type MessageAttribute = { readonly Type: string; readonly Value: string };

/** What a caller publishes to a topic. */
export type Publication = {
  readonly topicArn: string;
  readonly message: string;
  readonly subject: string | undefined;
  /** Whether the message is a JSON object with a variant for each protocol. */
  readonly structured: boolean;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
};

const SIZE_LIMIT_BYTES = 256 * 1024;

/** Reads the fields of `Publish`, or of one entry of `PublishBatch` under its prefix. */
export function readPublication(form: URLSearchParams, prefix = ""): Publication {
  return {
    topicArn: form.get("TopicArn") ?? "",
    message: form.get(`${prefix}Message`) ?? "",
    subject: form.get(`${prefix}Subject`) ?? undefined,
    structured: form.get(`${prefix}MessageStructure`) === "json",
    attributes: readAttributes(form, prefix),
  };
}

function readAttributes(form: URLSearchParams, prefix: string): Publication["attributes"] {
  const attributes: Record<string, MessageAttribute> = {};
  for (let index = 1; ; index += 1) {
    const entry = `${prefix}MessageAttributes.entry.${index}.`;
    const name = form.get(`${entry}Name`);
    if (name === null) {
      return attributes;
    }
    attributes[name] = {
      Type: form.get(`${entry}Value.DataType`) ?? "",
      Value: form.get(`${entry}Value.StringValue`) ?? form.get(`${entry}Value.BinaryValue`) ?? "",
    };
  }
}

/** Why SNS would refuse to take the message, or undefined if it takes it. */
export function publicationFault(publication: Publication): string | undefined {
  const { message, subject, structured } = publication;
  if (message === "") {
    return "Invalid parameter: Empty message";
  }
  if (Buffer.byteLength(message) > SIZE_LIMIT_BYTES) {
    return "Invalid parameter: Message too long";
  }
  // Subjects are ASCII, start with a letter, number or punctuation mark, and have no line breaks.
  if (subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(subject)) {
    return "Invalid parameter: Subject";
  }
  if (structured && variantOf(publication, "default") === undefined) {
    return "Invalid parameter: Message Structure - No default entry in JSON message body";
  }
  return undefined;
}

/** The message as a subscriber of that protocol gets it. */
export function variantOf(
  { message, structured }: Publication,
  protocol: string,
): string | undefined {
  if (!structured) {
    return message;
  }
  const variants = jsonOrText(message);
  const variant = isObject(variants) ? (variants[protocol] ?? variants["default"]) : undefined;
  return typeof variant === "string" ? variant : undefined;
}

/** What a filter policy on message attributes looks at. */
export function attributeValues({ attributes }: Publication): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => {
      if (Type === "String.Array") {
        return [name, listOf(jsonOrText(Value))];
      }
      return [name, Type === "Number" ? Number(Value) : Value];
    }),
  );
}
