import type { UserPseudonym } from "../usage/usage-event.ts";

/** Turns a subject into its pseudonym: keyed, so that no one without the key can test a guess. */
export type Pseudonymise = (subject: string) => UserPseudonym;

/** Short hash of an identity, for keys and attribute names: 16 characters of base64url. */
export type IdentityHash = (identity: string) => string;
