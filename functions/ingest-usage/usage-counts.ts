/** Received is the sum of the other four, on every request. */
export type UsageCounts = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
};

/** Counts a request once it is settled. `event` names the invocation. */
export type CountUsage = (
  event: object,
  counts: UsageCounts,
  about: {
    readonly keyId: string;
    /** Records without usage, by name. */
    readonly ignored: ReadonlyMap<string, number>;
  },
) => void;
