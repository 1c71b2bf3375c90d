import { readFileSync } from "node:fs";
import type { z } from "zod";

/** Golden numbers of `test/fixtures/scoring`. */
export function scoringFixture<Shape extends z.ZodType>(
  name: string,
  shape: Shape,
): z.infer<Shape> {
  const url = new URL(`../fixtures/scoring/${name}.json`, import.meta.url);
  return shape.parse(JSON.parse(readFileSync(url, "utf8")));
}
