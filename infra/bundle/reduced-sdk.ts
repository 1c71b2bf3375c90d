import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import * as z from "zod";

const CONSTANT = /^const (_\w+) = ("[^"]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/** Modules of the SDK that a function in Lambda, which streams no events, has a smaller one for. */
const STAND_INS = {
  "@aws-sdk/credential-provider-node": join(import.meta.dirname, "environment-credentials.ts"),
  "@smithy/core/event-streams": join(import.meta.dirname, "no-event-streams.ts"),
};

/** A schema of the SDK uses a name that its module does not declare as a text. */
export class UnknownSchemaNameError extends Error {
  override readonly name = "UnknownSchemaNameError";

  constructor(name: string) {
    super(`the SDK's schemas use ${name} as a key, and do not declare it as a text`);
  }
}

/** Bundles of the SDK what the functions use of it: a third of it, for shorter cold starts. */
export function reducedSdk(): Plugin {
  return {
    name: "reduced-sdk",
    setup: (build) => {
      build.initialOptions.alias = { ...build.initialOptions.alias, ...STAND_INS };
      build.onLoad(
        { filter: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/[^/]+\.js$/ },
        async ({ path }) => ({
          contents: withLiteralKeys(await readFile(path, "utf8")),
          loader: "js",
        }),
      );
      build.onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, async ({ path }) => ({
        contents: versionOnly(await readFile(path, "utf8")),
        loader: "json",
      }));
    },
  };
}

/**
 * Lets esbuild drop the schemas of operations that a function never calls: of S3, 60 kB. It keeps
 * any object with a computed key, as computing one may have side effects; the SDK's are constants,
 * so this writes them out.
 *
 * @throws {UnknownSchemaNameError} so that a build fails rather than ships a broken client.
 */
export function withLiteralKeys(source: string): string {
  const texts = new Map([...source.matchAll(CONSTANT)].map(([, name, text]) => [name, text]));
  return source.replaceAll(COMPUTED_KEY, (_, name: string) => {
    const text = texts.get(name);
    if (text === undefined) {
      throw new UnknownSchemaNameError(name);
    }
    return `${text}:`;
  });
}

const PackageJson = z.object({ version: z.string() });

// A client reads its version from its package.json, for the user agent, and nothing else.
function versionOnly(packageJson: string): string {
  return JSON.stringify(PackageJson.parse(JSON.parse(packageJson)));
}
