import type { Door, Verdict } from "./fuzz-target.ts";
import { MARKER } from "./hostile-values.ts";

/** What a parser that stores nothing made of a file: how it ended, and each reason it gave. */
export type ParserVerdict = { readonly answer: string; readonly reasons: readonly string[] };

/** A parser that takes a file whole or refuses it, with reasons. */
export function parserDoor(parse: (bytes: Buffer) => ParserVerdict | Promise<ParserVerdict>): Door {
  return {
    feed: async (body): Promise<Verdict> => {
      const { answer, reasons } = await parse(body);
      return {
        answer,
        faults: [
          ...(reasons.every((reason) => reason.trim() !== "") ? [] : ["a refusal has no reason"]),
          ...(reasons.join("\n").includes(MARKER) ? ["a reason quotes what was sent"] : []),
        ],
      };
    },
  };
}
