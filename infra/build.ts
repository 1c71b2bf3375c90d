import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { noJsonSchema } from "./bundle/no-json-schema.ts";
import { priceData } from "./bundle/price-data.ts";
import { reducedSdk } from "./bundle/reduced-sdk.ts";
import { runCommand } from "./cli/command-line.ts";
import { loadConfiguration } from "./config/load-configuration.ts";

const ROOT = join(import.meta.dirname, "..");

export type Bundle = { readonly name: string; readonly bytes: number };

/** Bundles every `functions/<name>/handler.ts` into `<outdir>/<name>/index.mjs`. */
export async function buildFunctions(outdir = join(ROOT, "dist")): Promise<readonly Bundle[]> {
  const names = await functionNames();
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({
      in: `functions/${name}/handler.ts`,
      out: `${name}/index`,
    })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // Some dependencies are CommonJS, and ask for `require` when they run.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    mainFields: ["module", "main"],
    plugins: [priceData(), reducedSdk(), noJsonSchema()],
    minify: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "warning",
  });
  return Object.entries(metafile.outputs)
    .filter(([path]) => path.endsWith(".mjs"))
    .map(([path, { bytes }]) => ({ name: basename(dirname(path)), bytes }));
}

async function functionNames(): Promise<readonly string[]> {
  const folders = await readdir(join(ROOT, "functions"));
  return folders.filter((name) => existsSync(join(ROOT, "functions", name, "handler.ts"))).sort();
}

if (import.meta.main) {
  await runCommand(async () => {
    // What is wrong there is told at once, and not after the seconds that the rest takes.
    await loadConfiguration(process.env["OUTPACE_CONFIG"]);
    for (const { name, bytes } of await buildFunctions()) {
      console.info(`${name.padEnd(20)} ${Math.ceil(bytes / 1000)} kB`);
    }
  });
}
