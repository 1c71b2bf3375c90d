/**
 * What an adapter makes of one request body. Every usage-bearing record of the body ends in
 * exactly one of `accepted`, `quarantined` and `rejected`, so that
 * received = accepted + quarantined + rejected holds per request.
 */
export type ParsedBatch<Accepted> = {
  readonly accepted: readonly Accepted[];
  readonly quarantined: readonly Quarantined<Accepted>[];
  readonly rejected: readonly Rejected[];
  /** Records that carry no usage, counted by name: never stored. */
  readonly ignored: ReadonlyMap<string, number>;
};

/** May be real usage, but cannot be counted now. Kept with its reason, can be replayed. */
export type Quarantined<Event> = {
  readonly event: Event;
  readonly reason: QuarantineReason;
  /** For people, in plain words: what was wrong, and what to do. */
  readonly detail: string;
  /** Position in the request, where the sender is told item by item. */
  readonly index: number;
};

export type QuarantineReason =
  /** More than five minutes ahead of our clock. */
  | "clock-in-future"
  /** A cumulative counter that does not say since when: whether it began anew cannot be told. */
  | "cumulative-temporality"
  /** The identity is in the ledger already, with other content. */
  | "conflict"
  /** The session-minute holds as much as one item can. */
  | "segment-full";

/** Can not be usage: malformed, negative, fractional. The sender is told where. */
export type Rejected = {
  readonly index: number;
  /** Path of the field, such as `tokens.input`. */
  readonly path: string;
  readonly message: string;
};
