import * as z from "zod";
import type { Day } from "../ledger/roll-ups.ts";
import type { CsvFault } from "../wire/csv-table.ts";
import { isCalendarDay } from "./calendar-day.ts";
import type { Settings } from "./settings.ts";
import { normalisedSubject } from "./subject.ts";

/** One line of `directory.csv`, before its subjects get pseudonyms. */
export type DirectoryRow = {
  readonly line: number;
  /** Subject of the person. */
  readonly user: string;
  readonly team: string;
  readonly costCenter: string;
  readonly owner: string;
  readonly useCase: string;
  readonly effectiveFrom: Day;
  /** Other subjects of the same person, such as `github:user-017`. */
  readonly aliases: readonly string[];
};

/** An e-mail address, or an account as `<issuer>:<id>`. */
const SUBJECT =
  /^(?:[a-z0-9][^\s@:,;"]{0,127}@[^\s@:,;"]{1,190}|[a-z][a-z0-9-]{0,31}:[^\s,;"]{1,200})$/;
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** A cell that begins so is a formula to spreadsheets, and cost centres end up in finance's. */
const FORMULA = /^[=+\-@\t\r]/;

const Subject = z
  .string()
  .transform(normalisedSubject)
  .refine((subject) => SUBJECT.test(subject), {
    message: "must be an e-mail address or an account such as github:user-017",
  });

const Cells = z.object({
  user: Subject,
  team: z.string(),
  cost_center: z
    .string()
    .max(64, "must not be longer than 64 characters")
    .refine((text) => !FORMULA.test(text), "must not begin with =, +, - or @")
    .refine((text) => !/\p{Cc}/u.test(text), "must not hold control characters"),
  owner: z.string(),
  use_case: z
    .string()
    .refine(
      (text) => text === "" || ID.test(text),
      "must be lower-case letters, digits and dashes",
    ),
  effective_from: z.string().refine(isCalendarDay, "must be a day such as 2026-10-01"),
  aliases: z
    .string()
    .default("")
    .transform((text) => text.split(";").map((alias) => alias.trim()))
    .transform((aliases) => aliases.filter((alias) => alias !== ""))
    .pipe(z.array(Subject)),
});

/** Reads one line; empty cells of cost centre, owner and use case are what the team has. */
export function readDirectoryRow(
  cells: Readonly<Record<string, string>>,
  line: number,
  settings: Settings,
): DirectoryRow | { readonly faults: readonly CsvFault[] } {
  const parsed = Cells.safeParse(cells);
  const team = settings.teams.find(({ id }) => id === cells["team"]);
  const faults = [
    ...faultsOf(parsed.error, line),
    ...(team === undefined ? [unknownId(line, "team", cells["team"], settings.teams)] : []),
    ...(isOwner(cells["owner"], settings)
      ? []
      : [unknownId(line, "owner", cells["owner"], settings.owners)]),
  ];
  if (!parsed.success || team === undefined || faults.length > 0) {
    return { faults };
  }
  const { user, cost_center, owner, use_case, effective_from, aliases } = parsed.data;
  return {
    line,
    user,
    team: team.id,
    costCenter: cost_center || team.costCenter,
    owner: owner || team.owner,
    useCase: use_case || team.useCase,
    effectiveFrom: effective_from,
    aliases: [...new Set(aliases)].filter((alias) => alias !== user),
  };
}

function faultsOf(error: z.ZodError | undefined, line: number): readonly CsvFault[] {
  return (error?.issues ?? []).map(({ path: [column], message }) => ({
    line,
    column: String(column ?? ""),
    message,
  }));
}

function isOwner(owner: string | undefined, settings: Settings): boolean {
  return owner === "" || settings.owners.some(({ id }) => id === owner);
}

/** Repeats what was written only if it can be an id: in a shifted line it may be a person's name. */
function unknownId(
  line: number,
  column: "team" | "owner",
  text = "",
  known: readonly { readonly id: string }[],
): CsvFault {
  const there = `there are: ${known.map(({ id }) => id).join(", ")}`;
  const message = ID.test(text)
    ? `the configuration has no ${column} ${text}; ${there}`
    : `must be an id that the configuration has; ${there}`;
  return { line, column, message };
}
