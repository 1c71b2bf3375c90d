/** Why a line of the input was not used. Never quotes it. */
export type RejectedLine = {
  readonly file: string;
  /** From 1, as an editor counts. */
  readonly line: number;
  /** The field, such as `tokens.input`; empty if it is the line as a whole. */
  readonly path: string;
  readonly message: string;
};

/** What became of a file's lines: received = used + duplicate + rejected. */
export type LineCounts = {
  readonly received: number;
  readonly used: number;
  /** Says again what another line says. */
  readonly duplicate: number;
  readonly rejected: number;
};

/** How far a file is read. */
export type ReadingProgress = (bytesRead: number, lines: number) => void;
