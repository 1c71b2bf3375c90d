import type { AlertEvidence, SignalEvidence } from "../alerts/alert.ts";
import { type NanoUsd, nanoUsdFromNumber } from "../money/nano-usd.ts";
import type { Behaviour } from "./behaviour.ts";
import { countedEvidence, type Signal } from "./evidence.ts";
import type { FoldModel } from "./fold-model.ts";
import type { UserWindow } from "./user-windows.ts";

/** What the model says of a window, in money and plain units. */
export type WindowEvidence = Pick<
  AlertEvidence,
  "expected" | "ownUsualNanoUsd" | "excessNanoUsd" | "signals"
>;

/**
 * @param at Position of the unit in the values of the folds.
 * @param ownUsualUsd Median spend of the person's own earlier windows, if there are enough.
 */
export function windowEvidence(
  unit: UserWindow,
  at: number,
  folds: readonly FoldModel[],
  behaviours: readonly Behaviour[],
  ownUsualUsd: number | undefined,
): WindowEvidence {
  const mean = (inFold: (fold: FoldModel) => number | undefined) =>
    folds.reduce((sum, fold) => sum + (inFold(fold) ?? 0), 0) / folds.length;
  const medianUsd = unit.costUsd * Math.exp(-mean(({ excess }) => excess(at)));
  const ownExcess = Math.max(
    0,
    mean((fold) => fold.ownExcess(at)),
  );
  return {
    expected: {
      medianNanoUsd: nanoUsdFromNumber(medianUsd),
      lowNanoUsd: nanoUsdFromNumber(medianUsd * Math.exp(mean(({ lowExcess }) => lowExcess))),
      highNanoUsd: nanoUsdFromNumber(medianUsd * Math.exp(mean(({ highExcess }) => highExcess))),
      cohort: unit.cohort,
    },
    ...(ownUsualUsd !== undefined && { ownUsualNanoUsd: nanoUsdFromNumber(ownUsualUsd) }),
    excessNanoUsd: share(unit.costNanoUsd, -Math.expm1(-ownExcess)),
    signals: ranked(
      plainUnits(unit, medianUsd, ownUsualUsd, behaviours).map(({ signal, value, usualFor }) => {
        const values = (fold: FoldModel) => fold.signals.find((s) => s.signal === signal);
        return {
          signal,
          value,
          z: mean((fold) => values(fold)?.z(at)),
          usual: usualFor(mean((fold) => values(fold)?.deviation(at))),
        };
      }),
    ),
  };
}

type PlainSignal = {
  readonly signal: Signal;
  readonly value: number;
  readonly usualFor: (deviation: number) => number;
};

function plainUnits(
  unit: UserWindow,
  medianUsd: number,
  ownUsualUsd: number | undefined,
  behaviours: readonly Behaviour[],
): readonly PlainSignal[] {
  const value = unit.costUsd;
  const cost: PlainSignal = { signal: "cost-given-delivery", value, usualFor: () => medianUsd };
  const own: readonly PlainSignal[] =
    ownUsualUsd === undefined ? [] : [{ signal: "own-usual", value, usualFor: () => ownUsualUsd }];
  const ratios = behaviours.flatMap(({ signal, measure, toScale, fromScale }) => {
    const ratio = measure(unit);
    return ratio === undefined
      ? []
      : [{ signal, value: ratio, usualFor: (d: number) => fromScale(toScale(ratio) - d) }];
  });
  return [cost, ...own, ...ratios];
}

type Ranked = Omit<SignalEvidence, "share" | "signal"> & { readonly signal: Signal };

/** Strongest first, each with its share of the evidence that counts. */
function ranked(signals: readonly Ranked[]): readonly SignalEvidence[] {
  const evidence = countedEvidence(signals.map(({ z }) => z));
  const total = evidence.reduce((a, b) => a + b, 0);
  return signals
    .map((signal, at) => ({ ...signal, share: (evidence[at] ?? 0) / total }))
    .sort((a, b) => b.share - a.share);
}

/** A share of an amount, rounded to whole nano-USD. */
function share(amount: NanoUsd, ratio: number): NanoUsd {
  return BigInt(Math.round(Number(amount) * ratio));
}
