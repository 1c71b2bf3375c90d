import type { ConfigurationFile } from "./infra/config/configuration.ts";

// The one file to edit. `npm run synth` checks it and says where something does not fit.
export default {
  // Who answers for a budget. They get the alerts of their teams, and nobody else does.
  owners: [
    {
      id: "checkout-owner",
      // AWS sends a confirmation to this address: until it is confirmed, no alert arrives.
      email: "checkout-owner@example.com",
      // Optional. The workspace has to be authorised once, see docs/deploy.md. Right-click the
      // channel in Slack and choose "View channel details": the id is at the bottom.
      // slack: { workspaceId: "T0123456789", channelId: "C0123456789" },
    },
    { id: "search-owner", email: "search-owner@example.com" },
    { id: "platform-owner", email: "platform-owner@example.com" },
  ],

  // Groups of people that share a budget. Who is in which team, and since when, is not said here
  // but in directory.csv, so that people can move without a deployment.
  teams: [
    {
      id: "team-checkout",
      owner: "checkout-owner",
      // As finance writes it; reports are grouped by it.
      costCenter: "CC-1001",
      // What one delivered unit is for this team: "deployment", "shipped-change" (a merged change
      // that survives), "resolved-issue" or "use-case".
      deliveryUnit: "deployment",
    },
    {
      id: "team-search",
      owner: "search-owner",
      costCenter: "CC-1002",
      // People are compared with others of the same team and use case only.
      useCase: "feature-work",
      deliveryUnit: "shipped-change",
    },
    {
      id: "team-support-tools",
      owner: "platform-owner",
      costCenter: "CC-2001",
      useCase: "support",
      deliveryUnit: "resolved-issue",
    },
  ],

  // Use cases that count as delivered work when a sender reports them, and how many units one piece of
  // each is worth. Left out, every reported use case is worth one. docs/delivery-units.md has an example.
  // useCases: [
  //   { id: "tender-answer", owner: "platform-owner", weight: 3, unit: "a tender answered" },
  //   { id: "claims-triage", weight: 0.25, unit: "a claim triaged" },
  // ],

  // Gets alerts about spend that no team is known for: keys nobody registered, people not in the
  // directory.
  fallbackOwner: "platform-owner",

  // Deployments count as delivered work in these environments only.
  productionEnvironments: ["production", "prod"],

  // Where a tool's calls and a daily report both state a person's day, the calls count, and the report
  // is there to compare. Turn that round for a tool whose report you trust more, from a day on. Kiro is
  // turned round unless you say otherwise: it bills days, and its requests may name no cost.
  // authorities: [{ tool: "cursor", grain: "day", from: "2026-11-01" }],

  // Where delivered work comes from, beside GitHub's webhook and /v1/outcomes, which are always
  // there. What is left out is not deployed. Each has a page in docs/senders.
  outcomeSources: {
    // The route /webhooks/gitlab, and a secret for it.
    // gitlab: true,
    // The route /webhooks/jira, and a secret for it. Issues that end in one of these delivered
    // nothing; left out, it is "Won't Do", "Duplicate" and their like.
    // jira: { undelivered: ["Won't Do", "Duplicate"] },
    // GitHub never sends again what failed: this asks for it, every hour. docs/senders/github.md says
    // which rights the token needs, and where the hook's number is to be found.
    // githubReconciler: {
    //   hooks: ["repos/acme/web/hooks/12345678"], // or "orgs/acme/hooks/1"
    //   tokenSecretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:github-AbCdEf",
    // },
    // Deployments to production by CodePipeline and CodeDeploy, in the stack's account and Region:
    // the stages of each pipeline that are production, and groups that no pipeline deploys to.
    // awsDeployments: {
    //   pipelines: [{ name: "widgets-prod", stages: ["Prod"] }],
    //   deploymentGroups: [{ application: "batch", name: "batch-prod" }],
    // },
  },

  // Kiro's reports state credits used, and credits used over the plan. If one person's month shows
  // that the former include the latter, say so here.
  // kiro: { creditsIncludeOverage: true },

  // When an alert is worth someone's time. The values shown are the defaults.
  scoring: {
    // Share of a night's alerts that may be false, nominally; over overlapping weeks expect twice that.
    falseDiscoveryRate: 0.05,
    // No alert about less spend than this in seven days, in USD ...
    minSpendUsd: 25,
    // ... nor about less excess over what is usual for the work delivered.
    minExcessUsd: 10,
    // A running session above this is reported at once, whatever its team is used to.
    sessionHardCapUsd: 200,
    // No second alert about the same person within this many days.
    quietDays: 7,
    // A merged change earns full credit once it has stood this long.
    survivalDays: 7,
  },

  // Prices that go before the public price list; docs/prices.md has an example of each kind. The first
  // rule that fits a call prices it. Amounts are decimals as text; days are UTC, `to` is not included.
  prices: {
    // What one unit of a currency is worth in USD, from a day until its next rate.
    rates: [
      // { currency: "EUR", from: "2026-10-01", usd: "1.0842" },
    ],
    rules: [
      // Batches at half the list price, and a contract: 15 % off for everything else.
      // { kind: "times-list", provider: "anthropic", tier: "batch", factor: "0.5" },
      // { kind: "times-list", provider: "anthropic", from: "2026-07-01", factor: "0.85" },
    ],
    // What is paid by the seat and month, for each day that a seat is held: every member of a team by
    // directory.csv, or a number of seats.
    seats: [
      // { kind: "members", tool: "copilot", plan: "business", pricePerMonth: "19", from: "2026-10-01",
      //   teams: ["team-checkout", "team-search"] },
      // { kind: "count", tool: "cursor", pricePerMonth: "40", from: "2026-10-15", team: "team-search", seats: 12 },
    ],
  },

  // Get the alarms about Outpace itself: a failing function, an alert that may not have arrived.
  operationsEmails: ["outpace-operations@example.com"],

  // When the nightly work runs, in UTC: months and days are UTC in every report.
  // minute, hour, day of month, month, day of week, year.
  schedules: {
    repricing: "0 2 * * ? *",
    scoring: "0 3 * * ? *",
    // After the collectors' last run of the day before.
    reconciliation: "30 4 * * ? *",
    monthToDateReport: "0 5 * * ? *",
    previousMonthReport: "0 6 2 * ? *",
  },

  // Reports of providers that are read by the clock; none unless you say so. The key of a provider goes
  // into a secret that the stack makes (see docs/senders/), or into one of yours, by `secretArn`.
  // `since`: the first day to read; left out, 30 days back. `schedule`: as above; left out, as often
  // as the provider's figures change.
  collectors: [
    // { id: "claude-code-report", source: "anthropic-claude-code", since: "2026-11-01" },
    // { id: "anthropic-analytics", source: "anthropic-analytics", leaveOut: ["claude_code"] },
    // { id: "anthropic-usage", source: "anthropic-messages" },
    // { id: "anthropic-costs", source: "anthropic-costs" },
    // What people use OpenAI's API by: "codex", if that is all that they do.
    // { id: "openai-usage", source: "openai-usage", tool: "openai-api" },
    // { id: "openai-costs", source: "openai-costs" },
    // { id: "copilot", source: "copilot-users", organization: "acme", billing: true },
    // { id: "copilot-bill", source: "copilot-billing", organization: "acme" },
    // "day", if Cursor's OpenTelemetry export is sent here too: both report the same calls.
    // { id: "cursor", source: "cursor-events", grain: "request" },
  ],

  // Days. The ledger itself is never deleted.
  retention: {
    logDays: 30,
    // directory.csv holds names; what was uploaded is deleted after this.
    dropDays: 30,
    reportDays: 2557,
  },

  // "retain": tables, buckets and the key outlive the stack. "destroy" is for a sandbox.
  removalPolicy: "retain",

  // Left out, these come from the AWS profile that deploys.
  // account: "123456789012",
  // region: "eu-central-1",
} satisfies ConfigurationFile;
