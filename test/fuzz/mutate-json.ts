import type { Random } from "../../infra/demo/random.ts";
import { hostileDepth, hostileJson, hostileKey } from "./hostile-values.ts";
import { type JsonTree, jsonText, jsonTree, type Member } from "./json-tree.ts";

const STOPS_HERE = 0.12;
const MOST_COPIES = 200;

/** Where two trees are not the same any more: one place of a tree, changed in one way. */
export function mutateJson(tree: JsonTree, random: Random): JsonTree {
  const [first = NOTHING] = mutateSome([tree], random);
  return first;
}

const NOTHING: JsonTree = jsonTree(null);

type Children = readonly JsonTree[];

/** Goes down at random and changes the list of children it stops at. */
function mutateSome(children: Children, random: Random): Children {
  const at = random.whole(0, children.length - 1);
  const child = children[at];
  if (child === undefined || child.kind === "scalar" || random.chance(STOPS_HERE)) {
    return changed(children, at, random);
  }
  const inside = child.kind === "list" ? mutateList(child.items, random) : undefined;
  const value: JsonTree =
    child.kind === "list"
      ? { kind: "list", items: inside ?? [] }
      : { kind: "object", members: mutateMembers(child.members, random) };
  return children.with(at, value);
}

function mutateList(items: Children, random: Random): Children {
  return items.length === 0 ? [hostile(random)] : mutateSome(items, random);
}

function mutateMembers(members: readonly Member[], random: Random): readonly Member[] {
  const at = random.whole(0, members.length - 1);
  const member = members[at];
  if (member === undefined) {
    return [{ key: hostileKey(random), value: hostile(random) }];
  }
  if (random.chance(0.7)) {
    // No value left: the member is gone. Several: the key comes several times.
    const values = mutateSome([member.value], random);
    return members.toSpliced(at, 1, ...values.map((value) => ({ ...member, value })));
  }
  return random.pick<() => readonly Member[]>([
    () => [...members, { key: hostileKey(random), value: hostile(random) }],
    () => members.with(at, { ...member, key: hostileKey(random) }),
    // Another member's name: a union that says it is one thing and holds another.
    () => members.with(at, { ...member, key: random.pick([member, ...members]).key }),
    () => members.with(at, { ...member, value: random.pick([member, ...members]).value }),
  ])();
}

function changed(children: Children, at: number, random: Random): Children {
  const child = children[at] ?? NOTHING;
  return random.pick<() => Children>([
    () => children.toSpliced(at, 1),
    () => children.toSpliced(at, 0, child),
    () => children.with(at, hostile(random)),
    () => children.with(at, hostile(random)),
    () => children.with(at, hostile(random)),
    () => children.with(at, nested(child, random)),
    () => children.with(at, random.pick([child, ...children])),
    () => children.toSpliced(at, 0, ...copies(child, random)),
  ])();
}

function hostile(random: Random): JsonTree {
  return { kind: "scalar", text: hostileJson(random) };
}

function nested(child: JsonTree, random: Random): JsonTree {
  const depth = hostileDepth(random);
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['{"arrayValue":{"values":[', "]}}"],
  ]);
  // Sometimes without its end: nothing may wait for it.
  const end = random.chance(0.95) ? close.repeat(depth) : "";
  return { kind: "scalar", text: open.repeat(depth) + jsonText(child) + end };
}

/** Many of it, unless it is big: bodies need not be. */
function copies(child: JsonTree, random: Random): Children {
  const count = jsonText(child).length > 5_000 ? 2 : random.whole(2, MOST_COPIES);
  return Array.from({ length: count }, () => child);
}
