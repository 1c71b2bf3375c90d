import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const PREFIX = "outpace-";

/** Thrown when a living host has the state folder. */
export class StateFolderInUseError extends Error {
  override readonly name = "StateFolderInUseError";
  readonly pid: string;

  constructor(folder: string, pid: string) {
    super(`${folder} is in use by process ${pid}; stop it or choose another folder`);
    this.pid = pid;
  }
}

export type StateFolder = {
  readonly path: string;
  /** Whether it outlives the host. */
  readonly durable: boolean;
  /** Lets go of the folder; removes it if it is temporary. */
  readonly release: () => void;
};

/**
 * Takes a state folder for this process alone: the given one, or a temporary one in memory.
 *
 * @throws {StateFolderInUseError} if a living host has the folder.
 */
export function takeStateFolder(given?: string): StateFolder {
  removeStaleFolders();
  if (given === undefined) {
    const path = mkdtempSync(join(temporaryRoot(), `${PREFIX}${ownIdentity()}-`));
    return {
      path,
      durable: false,
      release: () => rmSync(path, { recursive: true, force: true }),
    };
  }
  const path = resolve(given);
  mkdirSync(path, { recursive: true });
  const lock = join(path, "lock");
  takeLock(lock, path);
  return { path, durable: true, release: () => rmSync(lock, { force: true }) };
}

/**
 * Looks whether a folder can be taken, before anything in it is touched.
 *
 * @throws {StateFolderInUseError} if a living host has the folder.
 */
export function requireFreeStateFolder(folder: string): void {
  const owner = livingOwner(join(folder, "lock"));
  if (owner !== undefined) {
    throw new StateFolderInUseError(folder, owner);
  }
}

/** Writes a file so that a reader, or a restart after a crash, sees all of it or none. */
export function writeFileWhole(file: string, content: Buffer | string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, content, { mode });
  renameSync(unfinished, file);
}

function takeLock(lock: string, folder: string): void {
  try {
    writeFileSync(lock, ownIdentity(), { flag: "wx" });
  } catch (error) {
    if (!existsSync(lock)) {
      throw error;
    }
    requireFreeStateFolder(folder);
    rmSync(lock, { force: true });
    takeLock(lock, folder);
  }
}

/** @returns the process id of the living host that holds the lock, if there is one. */
function livingOwner(lock: string): string | undefined {
  const owner = existsSync(lock) ? readFileSync(lock, "utf8") : undefined;
  return owner !== undefined && isAlive(owner) ? owner.split(".")[0] : undefined;
}

/** A process id with its start time, since ids are used again. */
function ownIdentity(): string {
  return `${process.pid}.${startTime(process.pid)}`;
}

function isAlive(identity: string): boolean {
  const [pid, started] = identity.split(".");
  return startTime(Number(pid)) === started;
}

/** Clock ticks from boot to the start of a process, or undefined if there is none. */
function startTime(pid: number): string | undefined {
  try {
    // Field 22; the second field is the command in brackets and may hold blanks.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
  } catch {
    return undefined;
  }
}

function temporaryRoot(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** Temporary folders stay behind when their host is killed. */
function removeStaleFolders(): void {
  for (const name of readdirSync(temporaryRoot())) {
    const [, identity] = /^outpace-(\d+\.\d+)-/.exec(name) ?? [];
    if (identity !== undefined && !isAlive(identity)) {
      rmSync(join(temporaryRoot(), name), { recursive: true, force: true });
    }
  }
}
