import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLAUDE_CODE_TRANSCRIPTS } from "../../../shared/usage/claude-code-transcript.ts";
import { ccusageTokens, HAS_CCUSAGE } from "../../support/ccusage.ts";
import { responseLine, SESSION_PATH, sessionFile } from "../../support/transcript-lines.ts";
import { readUsageFiles } from "../../support/usage-files.ts";

/** What the provider bills for the one response that `responseLine` writes. */
const ONE_RESPONSE = [10, 1_000, 100, 50];
const TWO_RESPONSES = [20, 2_000, 200, 100];
const THREE_RESPONSES = [30, 3_000, 300, 150];
const NO_RESPONSE = undefined;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "projects-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A content block of the response, written some seconds after its first. */
function block(second: number, withRequest: boolean): string {
  const { requestId, ...line } = JSON.parse(
    responseLine({ at: `2026-11-21T10:00:0${second}.000Z` }),
  );
  return JSON.stringify(withRequest ? { ...line, requestId } : line);
}

describe.skipIf(!HAS_CCUSAGE)("where ccusage 20.0.24 and we differ on one response", () => {
  test.each([
    ["in three blocks: we agree", [0, 1, 2].map((at) => block(at, true)), ONE_RESPONSE],
    [
      "in three blocks without a request id: one id of a response is one response",
      [0, 1, 2].map((at) => block(at, false)),
      THREE_RESPONSES,
    ],
    [
      "in two blocks, of which one lacks the request id: likewise",
      [block(0, true), block(1, false)],
      TWO_RESPONSES,
    ],
    [
      "with a null where a version has no value: it was billed all the same",
      [responseLine({ usage: { speed: null } })],
      NO_RESPONSE,
    ],
  ])("%s", (_, lines, theirs) => {
    const file = join(folder, SESSION_PATH);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${lines.join("\n")}\n`);

    const { accepted } = readUsageFiles(CLAUDE_CODE_TRANSCRIPTS, [sessionFile(...lines)]);

    expect(
      accepted.map(({ tokens: of }) => [
        of.uncachedInput,
        of.cacheRead,
        of.cacheWrite5m,
        of.output,
      ]),
    ).toEqual([ONE_RESPONSE]);
    expect(Object.values(ccusageTokens(folder).tokens)[0]).toEqual(theirs);
  });
});
