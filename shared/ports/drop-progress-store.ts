/** How far the import of a large file is, so that a later run takes over where an earlier one ended. */
export type DropProgressStore = {
  /** The line up to which everything of the file is durable; 0 if nothing is known of it. */
  readonly read: (file: string) => Promise<number>;
  readonly write: (file: string, line: number) => Promise<void>;
};
