import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "./project-root.ts";
import type { Post } from "./sender-client.ts";

const FOLDER = join(PROJECT_ROOT, "test/fixtures/claude-code-otel");

const JSON_LOGS = [
  "session.logs-1.json",
  "session.logs-2.json",
  "resume.logs-1.json",
  "pr-create.logs-1.json",
  "oauth-user-burn.logs.json",
  "tool-details.logs.jsonl",
];
const JSON_METRICS = [
  "session.metrics-1.json",
  "session.metrics-2.json",
  "resume.metrics-1.json",
  "pr-create.metrics-1.json",
  "retry-after-503.metrics.jsonl",
];

/** What real clients sent when they were watched: logs and metrics, as JSON and as protobuf. */
export function capturedBodies(senderKey: string): readonly Post[] {
  const as = (path: string, type: string) => (body: Buffer) => ({
    path,
    headers: { Authorization: `Bearer ${senderKey}`, "Content-Type": type },
    body,
  });
  return [
    ...JSON_LOGS.flatMap(documents).map(as("/v1/logs", "application/json")),
    ...JSON_METRICS.flatMap(documents).map(as("/v1/metrics", "application/json")),
    ...documents("protobuf.logs.bin").map(as("/v1/logs", "application/x-protobuf")),
    ...documents("protobuf.metrics.bin").map(as("/v1/metrics", "application/x-protobuf")),
  ];
}

/** A file of `.jsonl` holds one body a line. */
function documents(file: string): readonly Buffer[] {
  const bytes = readFileSync(join(FOLDER, file));
  return file.endsWith(".jsonl")
    ? bytes
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => Buffer.from(line))
    : [bytes];
}
