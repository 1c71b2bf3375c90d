/** Last night's limits for running sessions, as text of their own codec. */
export type RunawayLimitsStore = {
  /** `undefined` before the first night. */
  readonly read: () => Promise<string | undefined>;
  readonly write: (limits: string) => Promise<void>;
};
