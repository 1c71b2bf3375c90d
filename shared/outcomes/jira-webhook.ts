import * as z from "zod";
import { OffsetTime } from "./offset-time.ts";
import type { SentOutcome } from "./outcome-event.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

/** Resolutions, and statuses, with which an issue is closed although nothing was delivered. */
export const UNDELIVERED_RESOLUTIONS = [
  "Won't Do",
  "Won't Fix",
  "Duplicate",
  "Cannot Reproduce",
  "Incomplete",
  "Declined",
  "Rejected",
  "Invalid",
  "Not a Bug",
  "Obsolete",
  "Abandoned",
  "Canceled",
  "Cancelled",
] as const;

const Key = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,99}-\d{1,10}$/, "must be an issue key such as WEB-77");
const Id = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]);
const AccountName = z.string().min(1).max(200).nullish();

const IssueChange = z.object({
  webhookEvent: z.string(),
  changelog: z
    .object({
      // What a field changed to stands under `toString`, which every object has: not read here.
      items: z.array(z.object({ field: z.string() })),
    })
    .nullish(),
});

const IssueUpdate = z.object({
  timestamp: z.int().positive().nullish(),
  issue: z.object({
    id: Id,
    self: z.url().max(2_000),
    key: Key,
    fields: z.object({
      issuetype: z.object({ subtask: z.boolean().nullish() }).nullish(),
      parent: z.object({ key: Key }).nullish(),
      status: z.object({
        name: z.string().nullish(),
        statusCategory: z.object({ key: z.string() }),
      }),
      resolution: z.object({ name: z.string().nullish() }).nullish(),
      // Jira Cloud has `accountId`, Data Center `key`.
      assignee: z.object({ accountId: AccountName, key: AccountName }).nullish(),
      updated: OffsetTime.nullish(),
    }),
  }),
  changelog: z.object({ id: Id }),
});
type IssueUpdate = z.infer<typeof IssueUpdate>;
type Issue = IssueUpdate["issue"];

/**
 * Reads a Jira webhook delivery: an issue that is done is a resolved issue, one that leaves done is
 * not any more. Jira does not say whether an issue was done before: every other step takes back what
 * there is to take back, which is mostly nothing.
 *
 * @param undelivered Names of resolutions and statuses that deliver nothing.
 * @see https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export function readJiraWebhook(payload: unknown, undelivered: readonly string[]): WebhookReading {
  return readFields(IssueChange, payload, ({ webhookEvent, changelog }) => {
    if (webhookEvent !== "jira:issue_updated") {
      return ignored("nothing is recorded from this kind of event");
    }
    const fields = changelog?.items.map(({ field }) => field.toLowerCase()) ?? [];
    if (!fields.some((field) => field === "status" || field === "resolution")) {
      return ignored("neither the status nor the resolution of the issue has changed");
    }
    return readFields(IssueUpdate, payload, (update) => step(update, undelivered));
  });
}

function step(update: IssueUpdate, undelivered: readonly string[]): WebhookReading {
  const { issue, changelog, timestamp } = update;
  const timeMs = issue.fields.updated ?? timestamp;
  if (timeMs === undefined || timeMs === null) {
    return { kind: "malformed", path: "issue.fields.updated", message: "is missing" };
  }
  const target = `jira:${new URL(issue.self).host}/${issue.id}`;
  return {
    kind: "outcomes",
    // Jira numbers the changes of a site: the same number is the same change.
    restated: "duplicate",
    outcomes: [
      {
        id: `${target}#${changelog.id}`,
        timeMs,
        kind: "issue_resolved",
        ...assigneeOf(issue),
        commits: [],
        task: taskOf(issue),
        target,
        sessions: [],
        status: isDelivered(issue, undelivered) ? "succeeded" : "rolled_back",
      },
    ],
  };
}

function isDelivered({ fields }: Issue, undelivered: readonly string[]): boolean {
  const names = [fields.resolution?.name, fields.status.name].map((name) => name?.toLowerCase());
  return (
    fields.status.statusCategory.key === "done" &&
    !undelivered.some((name) => names.includes(name.toLowerCase()))
  );
}

/** Whoever it is assigned to: the one who moves an issue to done may be a tester or a robot. */
function assigneeOf({ fields: { assignee } }: Issue): Pick<SentOutcome, "subject"> {
  const account = assignee?.accountId ?? assignee?.key;
  return typeof account === "string" ? { subject: `jira:${account}` } : {};
}

/** Sub-tasks are parts of their parent: cutting an issue into pieces makes it no more work. */
function taskOf({ key, fields: { issuetype, parent } }: Issue): string {
  return issuetype?.subtask === true && parent ? parent.key : key;
}
