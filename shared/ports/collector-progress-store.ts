import type { CollectorProgress } from "../collect/collector-progress.ts";

/** How far each collector is. If it is lost, the last 30 days are read again, and count once. */
export type CollectorProgressStore = {
  /** Nothing before the first run. */
  readonly read: (collector: string) => Promise<CollectorProgress>;
  readonly write: (collector: string, progress: CollectorProgress) => Promise<void>;
};
