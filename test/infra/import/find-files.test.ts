import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandError } from "../../../infra/cli/command-line.ts";
import { findFiles } from "../../../infra/import/find-files.ts";

const SESSION = "9d0bbe99-d739-49a1-8651-3907cc2ba04b";
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "home-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array = "{}\n"): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe("findFiles", () => {
  test("finds transcripts and rollouts by their names, and none of the rest of a home", () => {
    write(`.claude/projects/-home-dev/${SESSION}/subagents/agent-a1.jsonl`);
    write(`.claude/projects/-home-dev/${SESSION}.jsonl`);
    write(".claude/history.jsonl", '{"display":"(prompt)"}\n');
    write(".claude/settings.json");
    write(`.codex/sessions/2026/11/21/rollout-2026-11-21T22-07-11-${SESSION}.jsonl`);

    const { files, passedOver } = findFiles([home]);

    expect(files.map(({ folder, path }) => [folder, path.join("/")])).toEqual([
      ["claude-code", `projects/-home-dev/${SESSION}.jsonl`],
      ["codex", `sessions/2026/11/21/rollout-2026-11-21T22-07-11-${SESSION}.jsonl`],
      // Sub-agents last: what they repeat is then known as the session's own.
      ["claude-code", `projects/-home-dev/${SESSION}/subagents/agent-a1.jsonl`],
    ]);
    expect([...passedOver.values()]).toEqual([2]);
  });

  test("takes a folder within projects, or one file", () => {
    const file = write(`.claude/projects/-home-dev/${SESSION}.jsonl`, "{}\n");

    const [found, ...others] = findFiles([dirname(file), file]).files;

    expect(others).toEqual([]);
    expect(found).toMatchObject({ file, folder: "claude-code", bytes: 3 });
  });

  test("tells by its beginning what a file of another name is", () => {
    write("logs/a.json.gz", gzipSync('{"schemaType":"ModelInvocationLog"}\n'));
    write("people.csv", "user,team,cost_center,owner,use_case,effective_from\n");
    write("notes.csv", "a,b\n1,2\n");

    const { files, passedOver } = findFiles([home]);

    expect(files.map(({ folder, path }) => [folder, path.at(-1)])).toEqual([
      ["bedrock", "a.json.gz"],
      ["directory", "people.csv"],
    ]);
    expect([...passedOver]).toEqual([["of no kind that is known", 1]]);
  });

  test("says which path does not exist", () => {
    expect(() => findFiles([join(home, "nowhere")])).toThrow(CommandError);
  });
});
