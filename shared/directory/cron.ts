import * as z from "zod";

/**
 * The six fields of an EventBridge Scheduler cron expression, in UTC:
 * minutes, hours, day of month, month, day of week, year.
 */
export const Cron = z
  .string()
  .regex(
    /^\S+ \S+ \S+ \S+ \S+ \S+$/,
    'must be the six fields of a cron expression, such as "0 3 * * ? *"',
  );
