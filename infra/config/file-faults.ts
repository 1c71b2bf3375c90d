import * as z from "zod";
import { faultWords } from "../../shared/wire/fault-words.ts";

/** Every fault of a file that a person wrote, with its path: `teams[0].owner: must be given`. */
export function fileFaults({ issues }: z.ZodError): readonly string[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => faultAt([...issue.path, key], "is not a known field"))
      : [faultAt(issue.path, faultWords(issue))],
  );
}

function faultAt(path: readonly PropertyKey[], words: string): string {
  return `${z.core.toDotPath([...path]) || "(file)"}: ${words}`;
}
