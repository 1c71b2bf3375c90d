import { SENDER_SOURCES, type SenderSource } from "../../shared/directory/sender-key.ts";
import { normalisedSubject } from "../../shared/directory/subject.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { SenderKey, SenderKeys } from "../../shared/ports/sender-keys.ts";
import { CommandError, readArguments, type Terminal, table, usageError } from "./command-line.ts";
import { issueSenderKey } from "./issue-sender-key.ts";

const USAGE = `Usage:
  npm run keys -- create --source SOURCE [--user SUBJECT] [--deployed]
  npm run keys -- list [--deployed]
  npm run keys -- revoke KEY-ID [--deployed]

  --source    what the key may send, one of:
              ${SENDER_SOURCES.join(" ")}
  --user      binds the key to one person, such as user-017@example.com:
              all that is sent with it is theirs, whatever the client says
  --deployed  the stack in AWS, instead of the one that runs on this machine`;

const OPTIONS = {
  source: { type: "string" },
  user: { type: "string" },
  deployed: { type: "boolean", default: false },
} as const;

export type KeysStack = {
  readonly keys: SenderKeys;
  readonly pseudonyms: () => Promise<Pseudonymise>;
  readonly apiUrl: string;
};

export type KeysCommandDeps = Terminal & {
  readonly connect: (deployed: boolean) => KeysStack;
  readonly randomHex: (bytes: number) => string;
  readonly nowMs: () => number;
};

/** Creates, lists and revokes the keys of machine senders. */
export async function keysCommand(args: readonly string[], deps: KeysCommandDeps): Promise<void> {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  const [command, keyId, ...rest] = positionals;
  const isComplete = rest.length === 0 && (keyId !== undefined) === (command === "revoke");
  if (isComplete && command === "create") {
    return await create(values, deps);
  }
  if (isComplete && command === "list") {
    return await list(values.deployed, deps);
  }
  if (isComplete && command === "revoke" && keyId !== undefined) {
    return await revoke(keyId, values.deployed, deps);
  }
  throw usageError(USAGE);
}

type CreateOptions = {
  readonly source?: string | undefined;
  readonly user?: string | undefined;
  readonly deployed: boolean;
};

async function create(options: CreateOptions, deps: KeysCommandDeps): Promise<void> {
  const source = sourceOf(options.source);
  const subject = subjectOf(options.user);
  const { apiUrl, keys, pseudonyms } = deps.connect(options.deployed);
  const user = subject === undefined ? {} : { user: (await pseudonyms())(subject) };
  deps.print(await issueSenderKey(keys, { source, ...user }, deps.nowMs(), deps.randomHex));
  deps.remark(`This is the only time that the key is shown. It may send: ${source}.`);
  deps.remark(
    subject === undefined
      ? "It is bound to no one: clients say who spends."
      : `All that is sent with it is of ${subject}.`,
  );
  deps.remark(`Send it to ${apiUrl} as the header: Authorization: Bearer KEY`);
}

function sourceOf(text: string | undefined): SenderSource {
  const source = SENDER_SOURCES.find((known) => known === text);
  if (source === undefined) {
    const fault = text === undefined ? "--source is missing" : `there is no source ${text}`;
    throw usageError(USAGE, fault);
  }
  return source;
}

function subjectOf(text: string | undefined): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  const subject = normalisedSubject(text);
  if (!/^[^\s@:]+(?:@|:)[^\s]+$/.test(subject)) {
    throw usageError(
      USAGE,
      "--user must be an e-mail address or an account such as github:user-017",
    );
  }
  return subject;
}

async function list(deployed: boolean, deps: KeysCommandDeps): Promise<void> {
  const keys = await deps.connect(deployed).keys.list();
  if (keys.length === 0) {
    deps.remark("There are no keys yet: npm run keys -- create --source claude-code");
    return;
  }
  const rows = [...keys].sort((a, b) => a.createdAtMs - b.createdAtMs).map(rowOf);
  for (const line of table(["KEY ID", "SOURCE", "BOUND TO", "CREATED", "STATE"], rows)) {
    deps.print(line);
  }
}

function rowOf({ keyId, source, user, createdAtMs, revokedAtMs }: SenderKey): readonly string[] {
  const state = revokedAtMs === undefined ? "active" : `revoked ${timeOf(revokedAtMs)}`;
  return [keyId, source, user ?? "-", timeOf(createdAtMs), state];
}

function timeOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}

async function revoke(keyId: string, deployed: boolean, deps: KeysCommandDeps): Promise<void> {
  if (!(await deps.connect(deployed).keys.revoke(keyId, deps.nowMs()))) {
    throw new CommandError(`there is no key ${keyId}: see npm run keys -- list`);
  }
  deps.print(`Revoked ${keyId}. Within a minute nothing sent with it is taken any more.`);
}
