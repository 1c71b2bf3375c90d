import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../fixtures/github");

export type GithubDelivery = {
  readonly event: string;
  readonly deliveryId: string;
  readonly signature: string;
  /** The bytes that the signature is over. */
  readonly bytes: Buffer;
};

type HeadersOfFixture = Readonly<Record<string, string>>;

const headers: Readonly<Record<string, HeadersOfFixture | string>> = JSON.parse(
  readFileSync(join(FOLDER, "headers.json"), "utf8"),
);

/** The secret that every fixture is signed with. */
export const GITHUB_SECRET = String(headers["_secret"]);

/** The delivery of a fixture, such as `pull_request.closed-merged`. */
export function githubDelivery(name: string): GithubDelivery {
  const file = `${name}.json`;
  const of = headers[file];
  if (typeof of !== "object") {
    throw new Error(`there is no signed fixture ${file}`);
  }
  return {
    event: of["X-GitHub-Event"] ?? "",
    deliveryId: of["X-GitHub-Delivery"] ?? "",
    signature: of["X-Hub-Signature-256"] ?? "",
    bytes: readFileSync(join(FOLDER, file)),
  };
}

/** Names of all fixtures. */
export const githubFixtures: readonly string[] = Object.keys(headers)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

/** The parsed body of a fixture, with some paths (`pull_request.title`) set to other values. */
export function githubPayload(name: string, changes: Readonly<Record<string, unknown>> = {}) {
  const payload: Record<string, unknown> = JSON.parse(githubDelivery(name).bytes.toString());
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    // Test data: a path that does not exist fails the test that asks for it.
    const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, payload);
    parent[last] = value;
  }
  return payload;
}
