import * as z from "zod";
import { CommandError, readArguments } from "../../infra/cli/command-line.ts";

const USAGE = `Usage:
  npm run soak -- [--events N] [--seed S] [--workers W] [--kills K] [--minutes M]
  npm run soak -- --scenario concurrent-senders [--events N]

  --events   usage events, each unique; 50000 unless said otherwise
  --seed     what the events, their requests and the faults are drawn from; random unless said otherwise
  --workers  processes that ingest; half as many roll up; 6 unless said otherwise
  --kills    SIGKILLs in the middle of work; one for every 8000 events, and at least 100, unless said otherwise
  --minutes  gives up after so many; 60 unless said otherwise
  --scenario concurrent-senders: 32 senders of the same events at the same time, through the whole local stack`;

const OPTIONS = {
  events: { type: "string", default: "50000" },
  seed: { type: "string" },
  workers: { type: "string", default: "6" },
  kills: { type: "string" },
  minutes: { type: "string", default: "60" },
  scenario: { type: "string", default: "faults" },
} as const;

const MAX_SEED = 2 ** 31 - 1;
const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

const Values = z.object({
  events: whole(1, 20_000_000),
  seed: whole(0, MAX_SEED).optional(),
  workers: whole(3, 64),
  kills: whole(0, 100_000).optional(),
  minutes: whole(1, 600),
  scenario: z.enum(["faults", "concurrent-senders"]),
});

export type SoakArguments = {
  readonly events: number;
  readonly seed: number;
  readonly workers: number;
  readonly kills: number;
  readonly minutes: number;
  readonly scenario: "faults" | "concurrent-senders";
};

/**
 * Reads what is said to `npm run soak`.
 *
 * @throws {CommandError} with the fault and the usage.
 */
export function soakArguments(args: readonly string[], random: () => number): SoakArguments {
  const { values } = readArguments(args, OPTIONS, USAGE);
  const parsed = Values.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(`--${issue?.path.join(".")} is nothing that fits\n\n${USAGE}`);
  }
  const { events, seed, workers, kills, minutes, scenario } = parsed.data;
  return {
    events,
    workers,
    minutes,
    scenario,
    seed: seed ?? Math.floor(random() * MAX_SEED),
    kills: kills ?? Math.max(100, Math.ceil(events / 8000)),
  };
}
