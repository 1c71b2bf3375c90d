import { readFile } from "node:fs/promises";
import { extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { CommandError } from "../cli/command-line.ts";
import {
  type Configuration,
  InvalidConfigurationError,
  parseConfiguration,
} from "./configuration.ts";

/** The configuration file of this repository. */
export const DEFAULT_CONFIGURATION_FILE = resolve(import.meta.dirname, "../../outpace.config.ts");

const ConfigurationModule = z.object({ default: z.unknown() });

/**
 * Reads a configuration file: `.json`, or a module with a default export.
 *
 * @throws {InvalidConfigurationError} if it says what cannot be.
 * @throws {CommandError} if it cannot be read.
 */
export async function loadConfiguration(file = DEFAULT_CONFIGURATION_FILE): Promise<Configuration> {
  const path = resolve(file);
  const below = relative(process.cwd(), path);
  const name = below.startsWith("..") ? path : below;
  return parseConfiguration(await contentOf(path, name), name);
}

async function contentOf(path: string, name: string): Promise<unknown> {
  // Read first, as an import does not tell a missing file from one that it imports.
  const text = await readFile(path, "utf8").catch(() => notThere(name));
  try {
    if (extname(path) === ".json") {
      return JSON.parse(text);
    }
    const module = ConfigurationModule.safeParse(await import(pathToFileURL(path).href));
    if (module.success && module.data.default !== undefined) {
      return module.data.default;
    }
  } catch (error) {
    throw new CommandError(`${name} cannot be read:\n${whatAndWhere(error)}`);
  }
  throw new InvalidConfigurationError(name, ["(file): must have a default export"]);
}

function notThere(name: string): never {
  throw new CommandError(`${name} cannot be read: is it there?`);
}

/** Of a syntax error, Node puts the place and the line before the message; the calls after it are its own. */
function whatAndWhere(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (text.split(/\n {4}at /)[0] ?? text).trim();
}
