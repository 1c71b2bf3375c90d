import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { AwsCall } from "./aws-call.ts";
import type { BackendClient } from "./backend-client.ts";
import { type Checkpoint, fileCheckpoint } from "./checkpoints.ts";
import { requireQueueAccess } from "./permissions.ts";
import type { Properties, Resource } from "./resource-types.ts";
import { s3Location } from "./s3-call.ts";
import type { Stack } from "./stack.ts";
import { writeFileWhole } from "./state-folder.ts";

type Bucket = Resource<"AWS::S3::Bucket">;
type QueueConfiguration = NonNullable<
  Properties<"AWS::S3::Bucket">["NotificationConfiguration"]
>["QueueConfigurations"][number];

/** What happens around the objects of the buckets, after the backend has taken a change. */
export type ObjectStore = {
  /**
   * Puts the objects of earlier boots back, and announces those again, oldest first, of which it is
   * not known that their messages were taken. Only those: an older file must not win over a newer.
   */
  readonly restore: () => Promise<void>;
  /** Notes what has been taken up to now, for the next boot. */
  readonly settle: () => Promise<void>;
  readonly onCommitted: (call: AwsCall) => Promise<void>;
};

type Creation = {
  readonly bucket: Bucket;
  readonly key: string;
  readonly content: Buffer;
  readonly event: "ObjectCreated:Put" | "ObjectCreated:CompleteMultipartUpload";
};

/**
 * Keeps a copy of every object in `<state>/s3/<bucket>/<key>`, since the backend forgets them at
 * its end, and sends the notifications that the buckets ask for.
 */
export function objectStore(
  stack: Stack,
  client: BackendClient,
  statePath: string,
  pendingMessages: (queueName: string) => Promise<number>,
): ObjectStore {
  const root = join(statePath, "s3");
  const notify = notifier(stack, client);
  const checkpoints = new Map<string, Checkpoint>(
    stack
      .resources("AWS::S3::Bucket")
      .map(({ logicalId }) => [logicalId, fileCheckpoint(statePath, logicalId)]),
  );
  let beingCreated = 0;
  const fileOf = (bucketName: string, key: string) => {
    const file = resolve(root, bucketName, key);
    if (relative(join(root, bucketName), file).startsWith("..") || key.endsWith("/")) {
      throw new Error(`object key ${key} cannot be kept as a file`);
    }
    return file;
  };
  const bucketNamed = (name: string) =>
    stack
      .resources("AWS::S3::Bucket")
      .find(({ logicalId }) => stack.physicalName(logicalId) === name);

  async function restore(): Promise<void> {
    for (const bucket of stack.resources("AWS::S3::Bucket")) {
      const name = stack.physicalName(bucket.logicalId);
      const taken = BigInt(checkpoints.get(bucket.logicalId)?.read() ?? -1);
      for (const { key, writtenNs } of keptObjects(join(root, name))) {
        const content = readFileSync(fileOf(name, key));
        await client.s3("PUT", objectPath(name, key), content);
        if (writtenNs > taken) {
          await notify({ bucket, key, content, event: "ObjectCreated:Put" });
        }
      }
    }
  }

  async function settleBucket(bucket: Bucket): Promise<void> {
    const newest = keptObjects(join(root, stack.physicalName(bucket.logicalId))).at(-1);
    const queues = queuesOf(bucket);
    const pending = await Promise.all(queues.map(pendingMessages));
    if (newest !== undefined && queues.length > 0 && pending.every((count) => count === 0)) {
      checkpoints.get(bucket.logicalId)?.write(String(newest.writtenNs));
    }
  }

  async function created(url: string, event: Creation["event"]): Promise<void> {
    const { bucket: name, key } = s3Location(url);
    const bucket = bucketNamed(name);
    if (bucket === undefined) {
      return;
    }
    beingCreated += 1;
    try {
      // Another one that is being created may not be announced yet, and would look taken.
      if (beingCreated === 1) {
        await settleBucket(bucket);
      }
      // Read back what was stored: the request may hold it in signed chunks, or in parts.
      const { body: content } = await client.s3("GET", objectPath(name, key));
      writeFileWhole(fileOf(name, key), content);
      await notify({ bucket, key, content, event });
    } finally {
      beingCreated -= 1;
    }
  }

  return {
    restore,
    settle: async () => {
      if (beingCreated === 0) {
        await Promise.all(stack.resources("AWS::S3::Bucket").map(settleBucket));
      }
    },
    onCommitted: async ({ operation, url, body }) => {
      const { bucket, key } = s3Location(url);
      switch (operation) {
        case "PutObject":
          return created(url, "ObjectCreated:Put");
        case "CompleteMultipartUpload":
          return created(url, "ObjectCreated:CompleteMultipartUpload");
        case "DeleteObject":
          return rmSync(fileOf(bucket, key), { force: true });
        case "DeleteObjects":
          for (const [, deleted = ""] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) {
            rmSync(fileOf(bucket, unescapeXml(deleted)), { force: true });
          }
          return;
        default:
          return;
      }
    },
  };
}

type KeptObject = { readonly key: string; readonly writtenNs: bigint };

/** In the order in which they were written. */
function keptObjects(folder: string): readonly KeptObject[] {
  const entries = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
    : [];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".tmp"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      key: relative(folder, file).replaceAll(sep, "/"),
      writtenNs: statSync(file, { bigint: true }).mtimeNs,
    }))
    .sort((a, b) => Number(a.writtenNs - b.writtenNs));
}

/** Names of the queues that are told of the bucket's objects. */
function queuesOf({ properties }: Bucket): readonly string[] {
  return (properties.NotificationConfiguration?.QueueConfigurations ?? []).map(
    ({ Queue }) => Queue.split(":").at(-1) ?? "",
  );
}

function objectPath(bucketName: string, key: string): string {
  return `/${bucketName}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

function notifier(stack: Stack, client: BackendClient): (creation: Creation) => Promise<void> {
  const rules = new Map(
    stack
      .resources("AWS::S3::Bucket")
      .map((bucket) => [bucket.logicalId, notificationRules(stack, bucket)]),
  );
  return async (creation) => {
    for (const { queueArn, wants } of rules.get(creation.bucket.logicalId) ?? []) {
      if (wants(creation)) {
        await client.sendMessage(queueArn, JSON.stringify(creationEvent(stack, creation)));
      }
    }
  };
}

function notificationRules(stack: Stack, bucket: Bucket) {
  const { logicalId, properties } = bucket;
  return (properties.NotificationConfiguration?.QueueConfigurations ?? []).map((configuration) => {
    const queue = stack.byArn("AWS::SQS::Queue", configuration.Queue);
    if (queue === undefined) {
      throw new Error(`resource ${logicalId}: ${configuration.Queue} is no queue of the stack`);
    }
    requireQueueAccess(stack, queue, "s3.amazonaws.com", stack.arn(logicalId), logicalId);
    const matchesKey = keyFilter(configuration, logicalId);
    const events = eventFilter(configuration.Event, logicalId);
    return {
      queueArn: configuration.Queue,
      wants: ({ key, event }: Creation) => events.test(event) && matchesKey(key),
    };
  });
}

function eventFilter(event: string, logicalId: string): RegExp {
  const [, kind] = /^s3:ObjectCreated:(\*|Put|CompleteMultipartUpload)$/.exec(event) ?? [];
  if (kind === undefined) {
    throw new Error(`resource ${logicalId}: notification of ${event} is not emulated locally`);
  }
  return new RegExp(`^ObjectCreated:${kind === "*" ? ".*" : kind}$`);
}

function keyFilter({ Filter }: QueueConfiguration, logicalId: string): (key: string) => boolean {
  const tests = (Filter?.S3Key.Rules ?? []).map(({ Name, Value }) => {
    switch (Name.toLowerCase()) {
      case "prefix":
        return (key: string) => key.startsWith(Value);
      case "suffix":
        return (key: string) => key.endsWith(Value);
      default:
        throw new Error(`resource ${logicalId}: filter rule ${Name} is not emulated locally`);
    }
  });
  return (key) => tests.every((test) => test(key));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function creationEvent(stack: Stack, { bucket, key, content, event }: Creation) {
  const owner = { principalId: "LOCAL" };
  return {
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: stack.region,
        eventTime: new Date().toISOString(),
        eventName: event,
        userIdentity: owner,
        requestParameters: { sourceIPAddress: "127.0.0.1" },
        responseElements: {
          "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
          "x-amz-id-2": randomBytes(32).toString("base64"),
        },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: bucket.logicalId,
          bucket: {
            name: stack.physicalName(bucket.logicalId),
            ownerIdentity: owner,
            arn: stack.arn(bucket.logicalId),
          },
          object: {
            // Keys come URL-encoded, with a plus for a blank.
            key: new URLSearchParams({ key })
              .toString()
              .slice("key=".length)
              .replaceAll("%2F", "/"),
            size: content.length,
            eTag: createHash("md5").update(content).digest("hex"),
            sequencer: `00${Date.now().toString(16).toUpperCase()}${randomBytes(3).toString("hex").toUpperCase()}`,
          },
        },
      },
    ],
  };
}

function unescapeXml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
