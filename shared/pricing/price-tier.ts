/** Price tiers that senders state; a call that states none is of the standard one. */
export const PRICE_TIERS = ["batch", "fast", "priority", "flex"] as const;
