/** Partition of the senders' keys: one, so that the authoriser's grant names it and reaches no one's name. */
export const SENDER_KEYS_PARTITION = "KEYS";

/** What the partitions of people begin with. */
export const PEOPLE_PREFIX = "DIRECTORY#";
