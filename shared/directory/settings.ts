import * as z from "zod";
import { AuthorityRule } from "../ledger/grain-authority.ts";

const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and dashes");

/** Who answers for a budget, and where their alerts go. */
export const BudgetOwner = z.strictObject({
  id: Id,
  email: z.email(),
  slack: z
    .strictObject({
      workspaceId: z
        .string()
        .regex(/^T[A-Z0-9]{1,254}$/, "must be a Slack workspace id, such as T0123456789"),
      channelId: z
        .string()
        .regex(/^[CG][A-Z0-9]{1,254}$/, "must be a Slack channel id, such as C0123456789"),
    })
    .optional(),
});
export type BudgetOwner = z.infer<typeof BudgetOwner>;

/** A group of people that share a budget. Cohorts for scoring are (team, use case). */
export const Team = z.strictObject({
  id: Id,
  owner: Id,
  costCenter: z.string().min(1).max(64),
  useCase: Id.default("feature-work"),
  /** What one delivered unit is for this team. */
  deliveryUnit: z
    .enum(["deployment", "shipped-change", "resolved-issue", "use-case"])
    .default("shipped-change"),
});
export type Team = z.infer<typeof Team>;

const WEIGHT_MESSAGE = "must be a number from 0.01 to 10";

/** A use case that is worth reporting as delivered work, and what one piece of it is worth. */
export const UseCase = z.strictObject({
  /** What senders write as `useCase` of an outcome. */
  id: Id,
  /** Who answers for it; for those who read the registry. */
  owner: Id.optional(),
  /** Delivery units that one delivered piece of it earns. */
  weight: z.number(WEIGHT_MESSAGE).min(0.01, WEIGHT_MESSAGE).max(10, WEIGHT_MESSAGE).default(1),
  /** What one piece of it is, in a few words; for those who read the registry. */
  unit: z.string().min(1).max(64).optional(),
});
export type UseCase = z.infer<typeof UseCase>;

/** Numbers of the scoring model. */
export const ScoringSettings = z
  .strictObject({
    /** Nominal false discovery rate of a night's batch; nights overlap, so alerts state twice that. */
    falseDiscoveryRate: z.number().gt(0).lt(0.5).default(0.05),
    /** No alert about a window below this spend. */
    minSpendUsd: z.number().nonnegative().default(25),
    /** No alert below this excess, nor below `minExcessShare` of the spend. */
    minExcessUsd: z.number().nonnegative().default(10),
    minExcessShare: z.number().min(0).max(1).default(0.25),
    /** Share of successful sessions that a runaway limit would interrupt. */
    runawayAlpha: z.number().gt(0).lt(0.5).default(0.01),
    /** A session above this is a runaway in any cohort, learning or not. */
    sessionHardCapUsd: z.number().positive().default(200),
    /** No second alert about the same person within this many days. */
    quietDays: z.int().min(1).max(31).default(7),
    /** Days that a merged change has to survive for full credit. */
    survivalDays: z.int().min(0).max(60).default(7),
  })
  .prefault({});
export type ScoringSettings = z.infer<typeof ScoringSettings>;

/**
 * Tools whose day is what is billed, while their calls may name no cost. Holds unless the
 * configuration says otherwise.
 */
const BILLED_BY_DAY: readonly AuthorityRule[] = [
  { tool: "kiro", grain: "day", from: "2020-01-01" },
];

function withVendorsOwn(rules: AuthorityRule[]): AuthorityRule[] {
  const isSet = ({ tool }: AuthorityRule) => rules.some((rule) => rule.tool === tool);
  return [...rules, ...BILLED_BY_DAY.filter((rule) => !isSet(rule))];
}

/** How Kiro's reports are read. */
const KiroSettings = z
  .strictObject({
    /** Whether the credits that Kiro calls used include those over the plan, which it states too. */
    creditsIncludeOverage: z.boolean().default(false),
  })
  .prefault({});

/** What the functions know of the configuration file; passed to them as JSON. */
export const Settings = z.strictObject({
  owners: z.array(BudgetOwner).min(1),
  teams: z.array(Team).min(1),
  /** The registry of use cases. If there is none, every reported use case is worth one unit. */
  useCases: z.array(UseCase).default([]),
  /** Gets what no team's owner is known for. */
  fallbackOwner: Id,
  productionEnvironments: z.array(z.string().min(1)).default(["production", "prod"]),
  /** Who is believed where a tool's day is stated by its calls and by a daily report, both. */
  authorities: z.array(AuthorityRule).default([]).transform(withVendorsOwn),
  kiro: KiroSettings,
  scoring: ScoringSettings,
});
export type Settings = z.infer<typeof Settings>;
