import {
  QUARANTINE_REASONS,
  type ReplayDeps,
  replayQuarantine,
} from "../../functions/replay-quarantine/replay-quarantine.ts";
import type { QuarantinedRecord } from "../../shared/ports/quarantine.ts";
import { readArguments, type Terminal, table, usageError } from "./command-line.ts";

const USAGE = `Usage:
  npm run quarantine -- list [--deployed]
  npm run quarantine -- replay [--deployed]

  list        what is held back, by reason
  replay      appends what can be counted by now; the rest stays
  --deployed  the stack in AWS, instead of the one that runs on this machine`;

const OPTIONS = { deployed: { type: "boolean", default: false } } as const;

export type QuarantineStores = Omit<ReplayDeps, "nowMs">;

export type QuarantineCommandDeps = Terminal & {
  readonly connect: (deployed: boolean) => QuarantineStores;
  readonly nowMs: () => number;
};

/** Shows and replays what could not be counted when it came. */
export async function quarantineCommand(
  args: readonly string[],
  deps: QuarantineCommandDeps,
): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== "list" && command !== "replay")) {
    throw usageError(USAGE);
  }
  const stores = deps.connect(values.deployed);
  await (command === "list" ? list(stores, deps) : replay(stores, deps));
}

async function list({ quarantine }: QuarantineStores, { print }: Terminal): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const reason of QUARANTINE_REASONS) {
    const records = await quarantine.list(reason);
    rows.push([reason, ...countsOf(records), oldestOf(records)]);
  }
  for (const line of table(["REASON", "USAGE", "OUTCOMES", "OLDEST"], rows)) {
    print(line);
  }
}

function countsOf(records: readonly QuarantinedRecord[]): readonly string[] {
  const usage = records.filter(({ kind }) => kind === "usage").length;
  return [String(usage), String(records.length - usage)];
}

function oldestOf(records: readonly QuarantinedRecord[]): string {
  const times = records.map(({ receivedAtMs }) => receivedAtMs).sort((a, b) => a - b);
  return times[0] === undefined ? "-" : new Date(times[0]).toISOString();
}

async function replay(stores: QuarantineStores, deps: QuarantineCommandDeps): Promise<void> {
  const { committed, duplicate, kept } = await replayQuarantine({ ...stores, nowMs: deps.nowMs });
  deps.print(
    `${committed} counted now, ${duplicate} were counted already, ${kept} still in quarantine.`,
  );
}
