import type { Random } from "../../infra/demo/random.ts";
import { decodeProtobuf, type MessageSchema } from "../../shared/otlp/protobuf-decode.ts";
import { fixtureBytes } from "../support/otlp-bodies.ts";
import { encodeProtobuf } from "../support/protobuf-encode.ts";
import type { Seed } from "./fuzz-target.ts";
import { jsonText, jsonTree } from "./json-tree.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateCsv } from "./mutate-csv.ts";
import { mutateForm } from "./mutate-form.ts";
import { mutateJson } from "./mutate-json.ts";
import { mutateProtobuf, protobufSeed } from "./mutate-protobuf.ts";
import { wireBytes } from "./protobuf-tree.ts";

const MOST_CHANGES = 4;
const BYTES_TOO = 0.15;

/** Fixtures of a folder of `test/fixtures/`, read as what they are: each is one seed. */
export function jsonSeeds(...paths: readonly string[]): readonly Seed[] {
  return paths.map((path) => jsonSeed(path, JSON.parse(textOf(path))));
}

export function jsonSeed(name: string, value: unknown): Seed {
  return seed(name, jsonTree(value), mutateJson, (tree) => Buffer.from(jsonText(tree)));
}

/** One JSON value a line: lines are changed, go missing and come again. */
export function ndjsonSeed(name: string, values: readonly unknown[]): Seed {
  return seed(name, jsonTree(values), mutateJson, (tree) =>
    Buffer.from(tree.kind === "list" ? tree.items.map(jsonText).join("\n") : jsonText(tree)),
  );
}

export function ndjsonSeeds(...paths: readonly string[]): readonly Seed[] {
  return paths.map((path) => {
    const lines = textOf(path).trim().split("\n");
    return ndjsonSeed(
      path,
      lines.map((line): unknown => JSON.parse(line)),
    );
  });
}

/** Captured bytes. */
export function protobufSeeds(...paths: readonly string[]): readonly Seed[] {
  return paths.map((path) => protobufBytesSeed(path, Buffer.from(fixtureBytes(path))));
}

/** JSON fixtures, written as Protocol Buffers. */
export function protobufSeedsOfJson(
  schema: MessageSchema,
  ...paths: readonly string[]
): readonly Seed[] {
  return paths.map((path) => {
    const bytes = encodeProtobuf(JSON.parse(textOf(path)), schema);
    // A fixture that the schema does not fit would be an empty seed, and test nothing.
    if (Object.keys(decodeProtobuf(bytes, schema)).length === 0) {
      throw new Error(`${path} is no message of the schema`);
    }
    return protobufBytesSeed(path, bytes);
  });
}

function protobufBytesSeed(name: string, bytes: Buffer): Seed {
  return seed(name, protobufSeed(bytes), mutateProtobuf, wireBytes);
}

export function csvSeeds(...paths: readonly string[]): readonly Seed[] {
  return paths.map((path) => csvSeed(path, textOf(path)));
}

export function csvSeed(name: string, text: string): Seed {
  return seed(name, text, mutateCsv, (csv) => Buffer.from(csv));
}

export function formSeed(name: string, text: string): Seed {
  return seed(name, text, mutateForm, (form) => Buffer.from(form));
}

/** One to four changes of the structure, and now and then one of the bytes. */
function seed<Tree>(
  name: string,
  original: Tree,
  mutate: (tree: Tree, random: Random) => Tree,
  bytesOf: (tree: Tree) => Buffer,
): Seed {
  return {
    name,
    spoil: (random) => {
      let tree = original;
      for (let changes = random.whole(1, MOST_CHANGES); changes > 0; changes -= 1) {
        tree = mutate(tree, random);
      }
      const bytes = bytesOf(tree);
      return random.chance(BYTES_TOO) ? mutateBytes(bytes, random) : bytes;
    },
  };
}

function textOf(path: string): string {
  return Buffer.from(fixtureBytes(path)).toString("utf8");
}
