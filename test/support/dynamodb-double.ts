import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type PutItemCommandInput,
  type QueryCommandInput,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;
type Input = Partial<PutItemCommandInput & UpdateItemCommandInput & QueryCommandInput>;
type Expressions = Pick<Input, "ExpressionAttributeNames" | "ExpressionAttributeValues">;

/** Small, so that a query of a few items has pages, and writes fall between them. */
const ITEMS_PER_PAGE = 2;

/**
 * As much of DynamoDB as the ledger and the roll-ups use: conditional `PutItem` and `UpdateItem`
 * with `SET`, and `Query` in pages. Each call takes effect at once and as a whole.
 *
 * @param pass Runs around each call: it may delay the call, or fail before or after its effect.
 */
export function dynamoDbDouble(
  pass: (effect: () => unknown) => Promise<unknown> = async (effect) => effect(),
): DynamoDBClient {
  const tables = new Map<string, Map<string, Item>>();
  const tableOf = ({ TableName = "" }: Input) => {
    const table = tables.get(TableName) ?? new Map<string, Item>();
    tables.set(TableName, table);
    return table;
  };
  const perform = (name: string, input: Input): unknown => {
    switch (name) {
      case "PutItemCommand":
        return write(tableOf(input), input.Item ?? {}, input, () => input.Item ?? {});
      case "UpdateItemCommand":
        return write(tableOf(input), input.Key ?? {}, input, (old) => ({
          ...input.Key,
          ...old,
          ...assigned(input),
        }));
      case "QueryCommand":
        return pageOf([...tableOf(input).values()], input);
      default:
        throw new Error(`${name} is not part of this double`);
    }
  };
  const send = (command: { readonly constructor: { readonly name: string }; input: Input }) =>
    pass(() => perform(command.constructor.name, command.input));
  // A cast: the double has the one method of the client that adapters call.
  return { send } as unknown as DynamoDBClient;
}

function write(
  table: Map<string, Item>,
  key: Item,
  input: Input,
  next: (old: Item | undefined) => Item,
): object {
  const place = JSON.stringify([key["pk"]?.S, key["sk"]?.S]);
  const old = table.get(place);
  if (!holds(input.ConditionExpression ?? "", old ?? {}, input)) {
    const returned = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? old : undefined;
    throw new ConditionalCheckFailedException({
      message: "The conditional request failed",
      $metadata: {},
      ...(returned === undefined ? {} : { Item: structuredClone(returned) }),
    });
  }
  table.set(place, structuredClone(next(old)));
  return {};
}

function assigned({ UpdateExpression = "", ...expressions }: Input): Item {
  const assignments = UpdateExpression.replace(/^SET /, "").split(",");
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [name = "", value = ""] = assignment.split("=").map((part) => part.trim());
      return [nameOf(name, expressions), expressions.ExpressionAttributeValues?.[value] ?? {}];
    }),
  ) as Item;
}

/** `OR` of `AND`s; parentheses only around a whole operand, as the adapters write them. */
function holds(condition: string, item: Item, expressions: Expressions): boolean {
  const operands = (text: string, word: string) => splitOutside(text, ` ${word} `);
  const test = (text: string): boolean => {
    const alternatives = operands(text, "OR");
    if (alternatives.length > 1) {
      return alternatives.some(test);
    }
    const parts = operands(text, "AND");
    if (parts.length > 1) {
      return parts.every(test);
    }
    const inner = /^\((.*)\)$/s.exec(text)?.[1];
    return inner === undefined ? comparison(text, item, expressions) : test(inner);
  };
  return condition === "" || test(condition);
}

function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    depth += text[at] === "(" ? 1 : 0;
    depth -= text[at] === ")" ? 1 : 0;
    if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at).trim());
      start = at + separator.length;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function comparison(text: string, item: Item, expressions: Expressions): boolean {
  const absent = /^attribute_not_exists\(([#\w]+)\)$/.exec(text)?.[1];
  if (absent !== undefined) {
    return item[nameOf(absent, expressions)] === undefined;
  }
  const [, left = "", operator, right = ""] = /^([#\w]+)\s*(=|<>|<)\s*(:\w+)$/.exec(text) ?? [];
  const stored = item[nameOf(left, expressions)];
  const given = expressions.ExpressionAttributeValues?.[right];
  switch (operator) {
    case "=":
      return JSON.stringify(stored) === JSON.stringify(given);
    case "<>":
      return JSON.stringify(stored) !== JSON.stringify(given);
    case "<":
      return Number(stored?.N) < Number(given?.N);
    default:
      throw new Error(`the condition is not part of this double: ${text}`);
  }
}

function nameOf(placeholder: string, { ExpressionAttributeNames }: Expressions): string {
  return ExpressionAttributeNames?.[placeholder] ?? placeholder;
}

/** `begins_with(sk, :a)` or `sk BETWEEN :a AND :b`. */
function sortKeyRange({ KeyConditionExpression = "", ExpressionAttributeValues = {} }: Input) {
  const [, prefix = ""] = /begins_with\(sk, (:\w+)\)/.exec(KeyConditionExpression) ?? [];
  const [, first = "", last = ""] =
    /sk BETWEEN (:\w+) AND (:\w+)/.exec(KeyConditionExpression) ?? [];
  const textOf = (name: string) => ExpressionAttributeValues[name]?.S ?? "";
  if (prefix === "" && first === "") {
    throw new Error(`the condition is not part of this double: ${KeyConditionExpression}`);
  }
  return prefix === ""
    ? (sk: string) => sk >= textOf(first) && sk <= textOf(last)
    : (sk: string) => sk.startsWith(textOf(prefix));
}

function pageOf(items: readonly Item[], input: Input): object {
  const values = input.ExpressionAttributeValues ?? {};
  const isIn = sortKeyRange(input);
  const after = input.ExclusiveStartKey?.["sk"]?.S ?? "";
  const found = items
    .filter(({ pk, sk }) => pk?.S === values[":pk"]?.S && isIn(sk?.S ?? ""))
    .filter(({ sk }) => (sk?.S ?? "") > after)
    .sort((a, b) => ((a["sk"]?.S ?? "") < (b["sk"]?.S ?? "") ? -1 : 1));
  const page = structuredClone(found.slice(0, ITEMS_PER_PAGE));
  const last = found.length > ITEMS_PER_PAGE ? page.at(-1) : undefined;
  return {
    Items: page,
    ...(last === undefined ? {} : { LastEvaluatedKey: { pk: last["pk"], sk: last["sk"] } }),
  };
}
