import type { DirectoryLookup } from "../directory/directory.ts";
import type { CostLine, Day, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** An amount that is known, and the calls beside it whose price nobody knows. */
export type KnownCost = { readonly costNanoUsd: NanoUsd; readonly unpricedCalls: number };

/**
 * A person's day of a tool and provider, as telemetry saw it call by call and as the provider
 * reported it as a day. A side that is absent said nothing: that is not zero.
 */
export type PersonDay = {
  readonly person: UserPseudonym;
  readonly day: Day;
  readonly tool: string;
  readonly provider: string;
  readonly telemetry?: KnownCost;
  readonly report?: KnownCost;
};

/**
 * Both sides of each person's day, whichever of them is the one that counts. A person whom telemetry
 * and report name differently is one, as the directory says.
 */
export function personDays(
  userDays: readonly UserDay[],
  { personOf }: Pick<DirectoryLookup, "personOf">,
): readonly PersonDay[] {
  const lines = userDays.flatMap(({ user, day, lines: counted, otherGrain = [] }) =>
    [...counted, ...otherGrain].map((line) => ({ ...line, person: personOf(user), day })),
  );
  const groups = Map.groupBy(lines, ({ person, day, tool, provider }) =>
    JSON.stringify([person, day, tool, provider]),
  );
  return [...groups.values()].flatMap((group): readonly PersonDay[] => {
    const [first] = group;
    if (first === undefined) {
      return [];
    }
    const { person, day, tool, provider } = first;
    const telemetry = knownCost(group.filter(({ grain }) => grain !== "day"));
    const report = knownCost(group.filter(({ grain }) => grain === "day"));
    return [
      { person, day, tool, provider, ...(telemetry && { telemetry }), ...(report && { report }) },
    ];
  });
}

function knownCost(lines: readonly CostLine[]): KnownCost | undefined {
  return lines.length === 0
    ? undefined
    : {
        costNanoUsd: sumNanoUsd(lines.map(({ costNanoUsd }) => costNanoUsd)),
        unpricedCalls: lines.reduce((sum, line) => sum + line.unpricedCalls, 0),
      };
}
