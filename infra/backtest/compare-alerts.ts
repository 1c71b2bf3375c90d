import type { Alert } from "../../shared/alerts/alert.ts";
import { aboutWhom } from "../../shared/alerts/alert.ts";
import { periodOf } from "../../shared/alerts/unit-period.ts";

export type ComparedAlerts = {
  readonly both: readonly { readonly configured: Alert; readonly whatIf: Alert }[];
  readonly onlyConfigured: readonly Alert[];
  readonly onlyWhatIf: readonly Alert[];
};

/**
 * Pairs the alerts of two settings: those of one id, and else those of one type about the same person or
 * team and days that overlap, as other settings may tell of the same week a night earlier or later.
 */
export function compareAlerts(
  configured: readonly Alert[],
  whatIf: readonly Alert[],
): ComparedAlerts {
  const partners = new Map<Alert, Alert>();
  const taken = new Set<Alert>();
  for (const isSame of [hasSameId, isAboutTheSame]) {
    for (const alert of configured.filter((each) => !partners.has(each))) {
      const partner = whatIf.find((other) => !taken.has(other) && isSame(alert, other));
      if (partner !== undefined) {
        partners.set(alert, partner);
        taken.add(partner);
      }
    }
  }
  return {
    both: configured.flatMap((alert) => {
      const partner = partners.get(alert);
      return partner === undefined ? [] : [{ configured: alert, whatIf: partner }];
    }),
    onlyConfigured: configured.filter((alert) => !partners.has(alert)),
    onlyWhatIf: whatIf.filter((alert) => !taken.has(alert)),
  };
}

function hasSameId(a: Alert, b: Alert): boolean {
  return a.id === b.id;
}

function isAboutTheSame(a: Alert, b: Alert): boolean {
  const [first, second] = [periodOf(a.unit), periodOf(b.unit)];
  return (
    a.type === b.type &&
    a.unit.kind !== "session" &&
    aboutWhom(a.unit) === aboutWhom(b.unit) &&
    first.from < second.to &&
    second.from < first.to
  );
}
