import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { USAGE_DROP_FORMATS } from "../../shared/usage/usage-drop-formats.ts";
import { CommandError } from "../cli/command-line.ts";

/** A file on this machine that can be imported. */
export type FoundFile = {
  readonly file: string;
  readonly bytes: number;
  readonly asOfMs: number;
  /** The folder of the drop bucket that it would belong into, and its path below it. */
  readonly folder: string;
  readonly path: readonly string[];
};

export type FoundFiles = {
  readonly files: readonly FoundFile[];
  /** How many were passed over, by why. */
  readonly passedOver: ReadonlyMap<string, number>;
};

export const DIRECTORY_FOLDER = "directory";

/** Enough to see what a file is. */
const HEAD_BYTES = 64 * 1024;

/** A session's transcript, or a sub-agent's. */
const TRANSCRIPT = /^(?:agent-.+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22})\.jsonl$/;
const ROLLOUT = /^rollout-.+\.jsonl$/;

/**
 * Finds what can be imported below some paths: by the names of transcripts and rollouts, by the folder of
 * the drop bucket that a file lies in, else by its beginning.
 *
 * @throws {CommandError} if a path does not exist.
 */
export function findFiles(paths: readonly string[]): FoundFiles {
  const passedOver = new Map<string, number>();
  const found = new Map<string, FoundFile>();
  for (const file of paths.flatMap((path) => filesBelow(resolve(path)))) {
    const place = placeOf(file);
    const reason = place === undefined ? "of no kind that is known" : skippedAs(place);
    if (place !== undefined && reason === undefined) {
      const { size, mtimeMs } = statSync(file);
      found.set(file, { file, bytes: size, asOfMs: Math.floor(mtimeMs), ...place });
    } else {
      passedOver.set(reason ?? "", (passedOver.get(reason ?? "") ?? 0) + 1);
    }
  }
  return { files: [...found.values()].sort(parentsFirst), passedOver };
}

type Place = Pick<FoundFile, "folder" | "path">;

function filesBelow(path: string): readonly string[] {
  let entry: ReturnType<typeof statSync>;
  try {
    entry = statSync(path);
  } catch {
    throw new CommandError(`there is nothing to import at ${path}`);
  }
  if (entry?.isFile()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((below) => below.isFile())
    .map((below) => join(below.parentPath, below.name))
    .sort();
}

/** Sessions before their sub-agents: what stands in both is then the session's own. */
function parentsFirst(a: FoundFile, b: FoundFile): number {
  const depth = (file: FoundFile) => Number(file.path.includes("subagents"));
  return depth(a) - depth(b) || (a.file < b.file ? -1 : 1);
}

function placeOf(file: string): Place | undefined {
  const segments = file.split(sep);
  const name = basename(file);
  if (ROLLOUT.test(name)) {
    return { folder: "codex", path: from(segments, "sessions", "archived_sessions") };
  }
  if (TRANSCRIPT.test(name)) {
    return { folder: "claude-code", path: from(segments, "projects") };
  }
  return byFolder(segments) ?? byBeginning(file);
}

/** The path from the last of these folders on, else the file's name alone. */
function from(segments: readonly string[], ...folders: readonly string[]): readonly string[] {
  const at = Math.max(...folders.map((folder) => segments.lastIndexOf(folder)));
  return at < 0 ? segments.slice(-1) : segments.slice(at);
}

/** A copy of the drop bucket, or a part of one. */
function byFolder(segments: readonly string[]): Place | undefined {
  const at = segments.findLastIndex(
    (segment, index) => index < segments.length - 1 && USAGE_DROP_FORMATS.has(segment),
  );
  const folder = segments[at];
  return folder === undefined || folder === "codex" || folder === "claude-code"
    ? undefined
    : { folder, path: segments.slice(at + 1) };
}

/** Of each folder, what only its files begin with. */
const BEGINNINGS: readonly (readonly [folder: string, beginning: RegExp])[] = [
  ["bedrock", /"schemaType"\s*:\s*"ModelInvocationLog"/],
  [DIRECTORY_FOLDER, /^\uFEFF?"?user"?,(?=[^\n]*cost_center)/i],
  ["kiro", /^\uFEFF?[^\n]*"?user_?id"?,[^\n]*(?:credits|subscription|messages)/i],
  ["litellm", /"(?:request_id|startTime)"[^\n]*"(?:spend|total_tokens)"/],
];

function byBeginning(file: string): Place | undefined {
  const text = beginningOf(file);
  const folder = BEGINNINGS.find(([, beginning]) => beginning.test(text))?.[0];
  return folder === undefined || !(folder === DIRECTORY_FOLDER || USAGE_DROP_FORMATS.has(folder))
    ? undefined
    : { folder, path: [basename(dirname(file)), basename(file)] };
}

function beginningOf(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const bytes = head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? inflatedBeginning(bytes) : bytes).toString("utf8");
  } finally {
    closeSync(descriptor);
  }
}

function inflatedBeginning(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 16 * HEAD_BYTES,
    });
  } catch {
    return Buffer.alloc(0);
  }
}

/** Why the format leaves the file out, if it does. */
function skippedAs({ folder, path }: Place): string | undefined {
  const selection = USAGE_DROP_FORMATS.get(folder)?.select(path);
  return selection?.kind === "skipped" ? selection.name : undefined;
}

/** A path as the person would write it. */
export function shortPath(path: string, home: string): string {
  const full = resolve(path);
  const belowHome = relative(home, full);
  return belowHome.startsWith("..") ? path : join("~", belowHome);
}
