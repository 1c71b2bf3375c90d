import { randomUUID } from "node:crypto";
import { Cron } from "croner";
import { type Checkpoint, fileCheckpoint } from "./checkpoints.ts";
import type { Functions } from "./functions.ts";
import { requireRoleAccess, requireTrust, rolePolicy } from "./permissions.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";
import { ACCOUNT_ID } from "./template.ts";

type Schedule = Resource<"AWS::Scheduler::Schedule">;
type Lambda = Resource<"AWS::Lambda::Function">;

export type Schedules = {
  /**
   * Starts the timers of the enabled schedules. Of the times that passed while no host ran, the last
   * of each is made up for: a machine that is off at night would never get to its nightly runs.
   */
  readonly start: () => void;
  /** Runs a schedule's target as if it were that time, once, and answers its result. */
  readonly fire: (logicalIdPrefix: string, at: Date) => Promise<unknown>;
  readonly close: () => void;
};

const RATE_UNITS_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * EventBridge Scheduler: cron and rate expressions that invoke functions.
 *
 * @param statePath Where it is kept up to when each schedule has run.
 */
export function schedules(stack: Stack, functions: Functions, statePath: string): Schedules {
  const targets = new Map(
    stack
      .resources("AWS::Scheduler::Schedule")
      .map((schedule) => [schedule.logicalId, scheduleTarget(stack, schedule)]),
  );
  const input = (schedule: Schedule, at: Date) => {
    const values: Readonly<Record<string, string>> = {
      "scheduled-time": at.toISOString().replace(/\.\d+Z$/, "Z"),
      "schedule-arn": stack.arn(schedule.logicalId),
      "execution-id": randomUUID(),
      "attempt-number": "1",
    };
    const text = schedule.properties.Target.Input.replaceAll(
      /<aws\.scheduler\.([a-z-]+)>/g,
      (keyword, name: string) => values[name] ?? keyword,
    );
    return JSON.parse(text) as unknown;
  };
  const targetOf = ({ logicalId }: Schedule): Lambda => {
    const target = targets.get(logicalId);
    if (target === undefined) {
      throw new Error(`schedule ${logicalId} has no target`);
    }
    return target;
  };
  // Read them all, whether or not timers are wanted: what cannot be read has to be seen.
  const timers = stack.resources("AWS::Scheduler::Schedule").map((schedule) =>
    scheduleTimer(schedule, fileCheckpoint(statePath, schedule.logicalId), (at) => {
      void functions.invokeAsync(targetOf(schedule), input(schedule, at));
    }),
  );
  return {
    start: () => {
      for (const timer of timers) {
        timer.start();
      }
    },
    fire: async (prefix, at) => {
      const schedule = stack.find("AWS::Scheduler::Schedule", prefix);
      return functions.invoke(targetOf(schedule), input(schedule, at));
    },
    close: () => {
      for (const timer of timers) {
        timer.stop();
      }
    },
  };
}

function scheduleTarget(stack: Stack, { logicalId, properties }: Schedule): Lambda {
  const { Arn, RoleArn } = properties.Target;
  const target = stack.byArn("AWS::Lambda::Function", Arn);
  if (target === undefined) {
    throw new Error(`resource ${logicalId}: ${Arn} is no function of the stack`);
  }
  const group = `arn:aws:scheduler:${stack.region}:${ACCOUNT_ID}:schedule-group/${properties.GroupName}`;
  requireTrust(stack, RoleArn, "scheduler.amazonaws.com", group, logicalId);
  requireRoleAccess(rolePolicy(stack, RoleArn, logicalId), `resource ${logicalId}`, logicalId, [
    ["lambda:InvokeFunction", Arn],
  ]);
  return target;
}

type Timer = { readonly start: () => void; readonly stop: () => void };

function scheduleTimer(
  { logicalId, properties }: Schedule,
  ranUntil: Checkpoint,
  fire: (at: Date) => void,
): Timer {
  const { ScheduleExpression, ScheduleExpressionTimezone, State } = properties;
  const isEnabled = State === "ENABLED";
  const [, cron] = /^cron\((.*)\)$/.exec(ScheduleExpression) ?? [];
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
  if (cron !== undefined) {
    return cronTimer(cron, ScheduleExpressionTimezone, isEnabled, ranUntil, fire);
  }
  const unitMs = RATE_UNITS_MS[unit];
  if (unitMs === undefined) {
    throw new Error(
      `resource ${logicalId}: schedule ${ScheduleExpression} is not emulated locally`,
    );
  }
  let interval: NodeJS.Timeout | undefined;
  return {
    start: () => {
      if (isEnabled) {
        interval = setInterval(() => fire(new Date()), Number(count) * unitMs).unref();
      }
    },
    stop: () => clearInterval(interval),
  };
}

function cronTimer(
  cron: string,
  timezone: string,
  isEnabled: boolean,
  ranUntil: Checkpoint,
  fire: (at: Date) => void,
): Timer {
  const run = (at: Date) => {
    ranUntil.write(String(at.getTime()));
    fire(at);
  };
  const timer = new Cron(
    `0 ${cron}`,
    { timezone, alternativeWeekdays: true, sloppyRanges: true, paused: true, unref: true },
    (self: Cron) => run(self.currentRun() ?? new Date()),
  );
  return {
    start: () => {
      if (!isEnabled) {
        return;
      }
      const now = new Date();
      const since = ranUntil.read();
      const [due] = timer.previousRuns(1, now);
      if (since === undefined) {
        ranUntil.write(String(now.getTime()));
      } else if (due !== undefined && due.getTime() > Number(since)) {
        run(due);
      }
      timer.resume();
    },
    stop: () => timer.stop(),
  };
}
