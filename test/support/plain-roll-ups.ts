import {
  decodeSessionDay,
  decodeUserDay,
  encodeSessionDay,
  encodeUserDay,
} from "../../shared/ledger/roll-up-codec.ts";
import type { SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";

/** A user-day as an object of its own, whether or not it is packed: what a test can compare. */
export function plainUserDay(value: UserDay): UserDay {
  const { user, day, version } = value;
  return decodeUserDay({ user, day, version }, encodeUserDay(value));
}

/** The same for a session-day. */
export function plainSessionDay(value: SessionDay): SessionDay {
  const { user, day, session, version } = value;
  return decodeSessionDay({ user, day, session, version }, encodeSessionDay(value));
}
