import { orderOf } from "../../shared/ledger/roll-up-order.ts";
import type { Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps } from "../../shared/ports/insights.ts";

/** Roll-ups in memory, with the promise that an older value never replaces a newer one. */
export function inMemoryRollUps(
  initial: {
    readonly userDays?: readonly UserDay[];
    readonly sessionDays?: readonly SessionDay[];
  } = {},
) {
  const userDays = new Map<string, UserDay>();
  const sessionDays = new Map<string, SessionDay>();
  const put = <T extends UserDay | SessionDay>(values: Map<string, T>, key: string, value: T) => {
    const stored = values.get(key);
    if (stored !== undefined && orderOf(stored.version) > orderOf(value.version)) {
      return false;
    }
    values.set(key, value);
    return true;
  };
  const keyOf = (value: UserDay | SessionDay) =>
    JSON.stringify([value.user, value.day, "session" in value ? value.session : ""]);
  for (const value of initial.userDays ?? []) {
    userDays.set(keyOf(value), value);
  }
  for (const value of initial.sessionDays ?? []) {
    sessionDays.set(keyOf(value), value);
  }
  const within = <T extends { readonly day: Day }>(values: Map<string, T>, from: Day, to: Day) =>
    [...values.values()].filter(({ day }) => day >= from && day < to);
  const rollUps: RollUps = {
    read: async (user, day) => {
      const userDay = [...userDays.values()].find(
        (value) => value.user === user && value.day === day,
      );
      const sessions = [...sessionDays.values()].filter(
        (value) => value.user === user && value.day === day,
      );
      const stored = [...(userDay === undefined ? [] : [userDay]), ...sessions];
      return {
        ...(userDay === undefined ? {} : { userDay }),
        sessionDays: sessions,
        order: Math.max(0, ...stored.map(({ version }) => orderOf(version))),
      };
    },
    putUserDay: async (value, read) => {
      const stored = userDays.get(keyOf(value));
      const isAsRead = (stored && orderOf(stored.version)) === (read && orderOf(read.version));
      return isAsRead && put(userDays, keyOf(value), value);
    },
    putSessionDay: async (value) => {
      put(sessionDays, keyOf(value), value);
    },
    removeSessionDay: async (value, version) => {
      const stored = sessionDays.get(keyOf(value));
      if (stored !== undefined && orderOf(stored.version) <= orderOf(version)) {
        sessionDays.delete(keyOf(value));
      }
    },
    readBetween: async (from, to) => ({
      userDays: within(userDays, from, to),
      sessionDays: within(sessionDays, from, to),
    }),
  };
  return { ...rollUps, userDays, sessionDays };
}
