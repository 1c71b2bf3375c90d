import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const EXPORTED = /^export (?:const|function) (\w+)/gm;

/** Leaves out of the bundles what writes JSON Schema for zod's schemas, a fifth of zod: no function does. */
export function noJsonSchema(): Plugin {
  return {
    name: "no-json-schema",
    setup: (build) => {
      build.onLoad(
        { filter: /zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/ },
        async ({ path }) => ({
          contents: refusingModule(await readFile(path, "utf8")),
          loader: "js",
        }),
      );
    },
  };
}

/** A module with the same names, whose functions refuse when they are called; `create…` gives such a function. */
export function refusingModule(source: string): string {
  const names = [...source.matchAll(EXPORTED)].map(([, name = ""]) => name);
  return [
    'const refuse = () => { throw new Error("JSON Schema is not bundled: see infra/bundle/no-json-schema.ts"); };',
    ...names.map(
      (name) => `export const ${name} = ${name.startsWith("create") ? "() => refuse" : "refuse"};`,
    ),
  ].join("\n");
}
