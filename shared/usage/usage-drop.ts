import type { IdentityHash } from "../ports/pseudonyms.ts";
import type { Reading } from "./reading.ts";

/** What a reader knows of a dropped file besides its lines. */
export type UsageFileContext = {
  readonly nowMs: number;
  /** When the file was last written: of two that restate the same row, the later one counts. */
  readonly asOfMs: number;
  /** Below the folder of the format: `["projects", "-home-dev-acme-web", "<session>.jsonl"]`. */
  readonly path: readonly string[];
  /** Whose usage the file holds, if its place says so and its lines do not. */
  readonly subject?: string;
  readonly hash: IdentityHash;
  /**
   * Whether the credits that Kiro calls used include those over the plan, which it states too.
   * @default false
   */
  readonly kiroCreditsIncludeOverage?: boolean;
};

/** Reads the lines of one file, first to last. It may remember what it read: one reader a file. */
export type UsageLineReader = {
  /**
   * What a line turns out to say; nothing, if that can be told only later. Empty lines are not read.
   *
   * @param line without its line break.
   * @param lineNumber from 1, as an editor counts.
   */
  readonly read: (line: string, lineNumber: number) => readonly Reading[];
  /** What could be told only at the end of the file. */
  readonly end: () => readonly Reading[];
};

/** What the name of an object says. */
export type DropSelection =
  | { readonly kind: "read"; readonly subject?: string }
  /** Holds no usage. `name` is for counting only. */
  | { readonly kind: "skipped"; readonly name: string };

/** A form of files that hold usage line by line. A bad line spoils only itself. */
export type UsageDropFormat = {
  /** @param path of the object below the folder of the format. Never empty. */
  readonly select: (path: readonly string[]) => DropSelection;
  readonly reader: (context: UsageFileContext) => UsageLineReader;
};

/**
 * Thrown by a reader where no line of the file can be read rightly, such as a table without the column that
 * says whose a row is. The message says what is wrong, and never quotes the file.
 */
export class RefusedFileError extends Error {
  override readonly name = "RefusedFileError";
}
