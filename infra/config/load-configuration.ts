import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { type Configuration, parseConfiguration } from "./configuration.ts";

/** The configuration file of this repository. */
export const DEFAULT_CONFIGURATION_FILE = resolve(import.meta.dirname, "../../outpace.config.ts");

const ConfigurationModule = z.object({ default: z.unknown() });

/**
 * Reads a configuration file: `.json`, or a module with a default export.
 *
 * @throws {InvalidConfigurationError} if it says what cannot be.
 */
export async function loadConfiguration(file = DEFAULT_CONFIGURATION_FILE): Promise<Configuration> {
  const path = resolve(file);
  return parseConfiguration(await read(path), file);
}

async function read(path: string): Promise<unknown> {
  if (extname(path) === ".json") {
    return JSON.parse(await readFile(path, "utf8"));
  }
  return ConfigurationModule.parse(await import(pathToFileURL(path).href)).default;
}
