import * as z from "zod";

/**
 * Reads and checks a handler's environment once, at cold start.
 *
 * @throws {Error} naming every variable that is missing or wrong, never its value.
 */
export function environment<Schema extends z.ZodType>(
  schema: Schema,
  source: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    throw new Error(`invalid environment: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
