import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";
import { isCommit, isPlainText, MAX_LENGTH } from "../usage/field-limits.ts";
import { givenFields } from "../usage/given-fields.ts";
import { schemaFault } from "../wire/schema-fault.ts";
import { OffsetTime } from "./offset-time.ts";
import type { SentOutcome } from "./outcome-event.ts";
import { NOT_PRODUCTION, productionNameAmong } from "./production-environment.ts";
import { artifactOfPurl } from "./purl.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const text = (maxLength: number) =>
  z
    .string()
    .refine((value) => isPlainText(value, maxLength), `must be a text of 1 to ${maxLength}`);
const Name = text(MAX_LENGTH.name);
const Id = text(MAX_LENGTH.id);
const Commit = z.string().refine(isCommit, "must be a commit id").toLowerCase();

/** What a sender adds of its own, as CDEvents has no field for it. All optional. */
const CustomData = z.object({
  commit: Commit.exactOptional(),
  commits: z.array(Commit).max(250).exactOptional(),
  repository: Name.exactOptional(),
  branch: Name.exactOptional(),
  task: Name.exactOptional(),
  user: text(MAX_LENGTH.subject).exactOptional(),
});
type CustomData = z.infer<typeof CustomData>;

const Context = z.object({
  id: text(200),
  source: text(200),
  type: text(MAX_LENGTH.name),
  timestamp: OffsetTime,
});
type Context = z.infer<typeof Context>;

/** `dev.cdevents.<subject>.<predicate>.<version>`: what is read of an event is in all of its versions. */
const TYPE = /^dev\.cdevents\.([a-z]+\.[a-z]+)\./;

const AnyEvent = z.object({
  context: Context,
  customData: z.unknown().optional(),
});

const Content = z.object({
  environment: z.object({ id: Name, name: Name.nullish() }),
  artifactId: text(500).nullish(),
});

const Service = z.object({
  subject: z.object({ id: Id, source: text(200).nullish(), content: Content }),
});

const Incident = z.object({ subject: z.object({ content: Content }) });

const Change = z.object({
  subject: z.object({
    content: z.object({ repository: z.object({ id: Name, name: Name.nullish() }).nullish() }),
  }),
});

/**
 * Reads a CDEvent: a service that is deployed or upgraded, one that is rolled back, a merged change, and
 * an incident that names what it came from. Events are told by the start of their type, as the versions
 * differ in fields that are not read.
 *
 * @see https://cdevents.dev/docs/
 */
export function readCdEvent(
  event: unknown,
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(AnyEvent, event, ({ context, customData }) => {
    const type = TYPE.exec(context.type)?.[1];
    const isObject = typeof customData === "object" && !Array.isArray(customData);
    // Custom data of any other form is no business of ours.
    const custom = CustomData.safeParse((isObject && customData) || {});
    if (!custom.success) {
      const { path, message } = schemaFault(custom.error);
      return { kind: "malformed", path: `customData.${path}`, message };
    }
    switch (type) {
      case "service.deployed":
      case "service.upgraded":
        return readService(event, context, custom.data, "succeeded", productionEnvironments);
      case "service.rolledback":
        return readService(event, context, custom.data, "rolled_back", productionEnvironments);
      case "change.merged":
        return readFields(Change, event, ({ subject: { content } }) =>
          outcome(context, custom.data, {
            kind: "change_merged",
            status: "succeeded",
            ...(content.repository ? { repository: content.repository.id } : {}),
          }),
        );
      case "incident.detected":
      case "incident.reported":
        return readIncident(event, context, custom.data, productionEnvironments);
      case "incident.resolved":
        return ignored("the end of an incident neither takes credit nor gives it back");
      default:
        return ignored("nothing is recorded from this type of event");
    }
  });
}

function readService(
  event: unknown,
  context: Context,
  custom: CustomData,
  status: "succeeded" | "rolled_back",
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(Service, event, ({ subject }) => {
    const { environment, artifactId } = subject.content;
    const production = productionNameAmong(
      [environment.id, environment.name],
      productionEnvironments,
    );
    if (production === undefined) {
      return ignored(NOT_PRODUCTION);
    }
    return outcome(context, custom, {
      kind: "deployment",
      status,
      environment: production,
      target: `cdevents:${subject.source ?? context.source}:${subject.id}`,
      ...(artifactId ? artifactOfPurl(artifactId) : {}),
    });
  });
}

/** Whoever reports an incident delivered nothing: nobody is recorded with it. */
function readIncident(
  event: unknown,
  context: Context,
  { commit, commits, repository }: CustomData,
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(Incident, event, ({ subject: { content } }) => {
    const { environment, artifactId } = content;
    const production = productionNameAmong(
      [environment.id, environment.name],
      productionEnvironments,
    );
    if (production === undefined) {
      return ignored(NOT_PRODUCTION);
    }
    const named = artifactId ? artifactOfPurl(artifactId) : {};
    const custom = givenFields({ commit, commits, repository });
    if (Object.keys(named).length === 0 && commit === undefined && !commits?.length) {
      return ignored("the incident names neither an artifact nor a commit that it came from");
    }
    return outcome(context, custom, {
      kind: "incident",
      status: "succeeded",
      environment: production,
      ...named,
    });
  });
}

type Read = Pick<SentOutcome, "kind" | "status"> & Partial<SentOutcome>;

function outcome(context: Context, custom: CustomData, read: Read): WebhookReading {
  const { commit, commits = [], user, ...facts } = custom;
  const named = [...(commit === undefined ? [] : [commit]), ...commits];
  return {
    kind: "outcomes",
    // CloudEvents have it that the same source and id are the same event.
    restated: "duplicate",
    outcomes: [
      {
        id: `cdevents:${context.source}:${context.id}`,
        timeMs: context.timestamp,
        sessions: [],
        ...read,
        ...facts,
        commits: named.length > 0 ? [...new Set(named)] : (read.commits ?? []),
        ...(user === undefined ? {} : { subject: normalisedSubject(user) }),
      },
    ],
  };
}
