/** One attempt of GitHub to deliver an event. Attempts of the same event share its `guid`. */
export type HookDelivery = {
  /** Digits: may be more than a JavaScript number can hold. */
  readonly id: string;
  readonly guid: string;
  readonly deliveredAtMs: number;
  /** Somebody asked for this attempt. */
  readonly isRedelivery: boolean;
  /** What we answered; 0 if GitHub got no answer. */
  readonly statusCode: number;
};

/** The webhook as GitHub remembers it. */
export type GithubHook = {
  /** Every attempt since then, newest first. */
  readonly deliveriesSince: (sinceMs: number) => Promise<readonly HookDelivery[]>;
  /** `refused`: GitHub will not, and asking again changes nothing. */
  readonly redeliver: (deliveryId: string) => Promise<"asked" | "refused">;
};
