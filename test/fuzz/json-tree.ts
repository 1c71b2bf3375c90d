/**
 * JSON as it is written: scalars are their own text, so that `NaN`, `1e999` and a number of ten
 * thousand digits can stand where a number should, and a key can come twice.
 */
export type JsonTree =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly JsonTree[] }
  | { readonly kind: "object"; readonly members: readonly Member[] };

export type Member = { readonly key: string; readonly value: JsonTree };

export function jsonTree(value: unknown): JsonTree {
  if (Array.isArray(value)) {
    return { kind: "list", items: value.map(jsonTree) };
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) => ({
      key,
      value: jsonTree(member),
    }));
    return { kind: "object", members };
  }
  return { kind: "scalar", text: JSON.stringify(value) };
}

export function jsonText(tree: JsonTree): string {
  switch (tree.kind) {
    case "scalar":
      return tree.text;
    case "list":
      return `[${tree.items.map(jsonText).join(",")}]`;
    case "object":
      return `{${tree.members.map(({ key, value }) => `${JSON.stringify(key)}:${jsonText(value)}`).join(",")}}`;
  }
}
