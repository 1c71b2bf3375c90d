import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import type { Drop } from "../../../functions/adapters/s3-drops.ts";
import { importUsageDrop } from "../../../functions/import-drops/usage-drop.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { bytesOf } from "../../support/byte-chunks.ts";
import { inMemoryDropProgress } from "../../support/in-memory-drop-progress.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";

const NOW_MS = Date.parse("2026-11-22T12:00:00Z");
const AS_OF_MS = Date.parse("2026-11-21T02:00:00Z");
const DAY = "2026-11-20";
const USER = "90671234-5678-4abc-9def-000000000001";
const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");

function setup() {
  const ledger = inMemoryUsageLedger();
  const progress = inMemoryDropProgress();
  /** What the import is given, one answer a batch. */
  const faults: { failAfterBatches?: number; remainingMs?: () => number } = {};
  let batches = 0;
  const failing: typeof ledger = {
    ...ledger,
    append: async (events) => {
      batches += 1;
      if (batches > (faults.failAfterBatches ?? Number.POSITIVE_INFINITY)) {
        throw new LedgerUnavailableError("throttled");
      }
      return ledger.append(events);
    },
  };
  const opened: string[] = [];
  const drop = (key: string, content: string | Uint8Array, asOfMs = AS_OF_MS) => {
    const [folder = "", ...path] = key.split("/");
    const open = async (): Promise<Drop> => {
      opened.push(key);
      return { kind: "opened", bytes: bytesOf(content, 10_000), asOfMs, version: "v1" };
    };
    return importUsageDrop(
      { bucket: "drops", key, folder, path },
      {
        drops: { open },
        ledger: failing,
        quarantine: inMemoryQuarantine(),
        pseudonymise: async () => pseudonymise,
        hash: identityHash,
        nowMs: () => NOW_MS,
        settings: { kiro: { creditsIncludeOverage: false } },
        progress,
        pause: async () => undefined,
      },
      faults.remainingMs ?? (() => 900_000),
    );
  };
  /** Credits of the user's day, as the roll-up has them. */
  const creditsOfDay = async () => {
    const user = pseudonymise(`kiro:${USER}`);
    const rules = { priceBook: genaiPriceBook(), authority: REQUESTS_FIRST };
    const { userDay } = foldUserDay(user, DAY, await ledger.readUserDay(user, DAY), rules);
    return userDay.lines.map(({ credits }) => credits);
  };
  return { ledger, progress, faults, opened, drop, creditsOfDay };
}

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));

const KIRO_IDE = "kiro/AWSLogs/00/KIRO_IDE_123456789012_user_report_202611200000.csv";
const KIRO_CLI = "kiro/AWSLogs/00/KIRO_CLI_123456789012_user_report_202611200000.csv";
const ofClient = (client: string, credits: string) =>
  `Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used\n${DAY},${USER},${client},${credits}\n`;

describe("importUsageDrop", () => {
  test("sums a person's day over the clients, each report once", async () => {
    const { drop, creditsOfDay } = setup();
    const [ide, cli] = [KIRO_IDE, KIRO_CLI].map((key) => fixture(`kiro/${key.split("/").at(-1)}`));

    for (const [key, content] of [
      [KIRO_IDE, ide],
      [KIRO_CLI, cli],
      [KIRO_CLI, cli],
      [KIRO_IDE, ide],
    ] as const) {
      await drop(key, content ?? "");
    }

    // 41.37 in the IDE and 12.5 on the command line.
    expect(await creditsOfDay()).toEqual([{ used: 53_870_000, overage: 0 }]);
  });

  test.each([
    ["in order", [0, 1, 2]],
    ["in any other order", [2, 0, 1]],
    ["last one first", [2, 1, 0]],
  ])("of a report that is exported again in place the latest counts, read %s", async (_, order) => {
    const { drop, creditsOfDay } = setup();
    const exports = ["10,0", "12.25,0.5", "11,0.25"];

    for (const index of order) {
      await drop(KIRO_IDE, ofClient("KIRO_IDE", exports[index] ?? ""), AS_OF_MS + index * 60_000);
    }

    expect(await creditsOfDay()).toEqual([{ used: 11_000_000, overage: 250_000 }]);
  });

  test("a report that lost the column of overage does not take back what an earlier one said of it", async () => {
    const { drop, creditsOfDay } = setup();

    await drop(KIRO_IDE, ofClient("KIRO_IDE", "10,0.5"));
    await drop(KIRO_IDE, `Date,UserId,Credits_Used\n${DAY},${USER},12\n`, AS_OF_MS + 60_000);

    expect(await creditsOfDay()).toEqual([{ used: 12_000_000, overage: 500_000 }]);
  });

  test("says what became of the lines, and that a second import brings nothing new", async () => {
    const { drop, ledger } = setup();
    const key = "bedrock/AWSLogs/22/20261121T222500000Z_0123456789abcdef.json.gz";
    const content = `${fixture("bedrock/invocation-log.jsonl")}{"schemaType":"ModelInvocationLog"}\n`;

    const first = await drop(key, content);
    const second = await drop(key, content);

    expect(first).toMatchObject({
      drop: "imported",
      counts: { received: 3, committed: 2, duplicate: 0, quarantined: 0, rejected: 1 },
      ignored: new Map([["failure-without-usage", 1]]),
      faults: [{ line: 4, path: "timestamp" }],
    });
    expect(second).toMatchObject({ counts: { received: 3, committed: 0, duplicate: 2 } });
    expect(ledger.events()).toHaveLength(2);
  });

  test("does not open what holds no usage by its name", async () => {
    const { drop, opened } = setup();

    expect(
      await drop("kiro/AWSLogs/1/KiroLogs/by_user_analytic/a_by_user_analytic_1_report.csv", ""),
    ).toEqual({ drop: "skipped", reason: "kiro-by-user-analytic" });
    expect(opened).toEqual([]);
  });

  test("refuses a file whose header lacks what every row needs, and says what", async () => {
    const { drop, ledger } = setup();

    expect(await drop(KIRO_IDE, "Date,Total_Messages\n2026-11-20,3\n")).toEqual({
      drop: "refused",
      faults: [{ line: 1, message: "the header has no column UserId, Credits_Used" }],
    });
    expect(ledger.events()).toEqual([]);
  });

  describe("of a file that takes longer than a run", () => {
    const key = "bedrock/AWSLogs/22/large.json.gz";
    const LINES = 30_000;
    const large = largeLog(LINES);

    test("goes on in the next run where it stopped, and records every call once", async () => {
      const { drop, faults, ledger, progress } = setup();
      let batches = 0;
      faults.remainingMs = () => {
        batches += 1;
        return batches === 7 ? 29_000 : 900_000;
      };

      const first = await drop(key, large);
      const second = await drop(key, large);

      // Seven batches of five hundred lines; the last of them is read again.
      expect(first).toMatchObject({
        drop: "unfinished",
        unfinishedAfterLine: 3_499,
        counts: { committed: 3_500 },
      });
      expect(progress.lines()).toEqual([28_498]);
      expect(second).toMatchObject({
        drop: "imported",
        counts: { committed: LINES - 3_500, duplicate: 1 },
      });
      expect(ledger.events()).toHaveLength(LINES);
    });

    test("a run that dies loses what it did since it last noted how far it is, and nothing else", async () => {
      const { drop, faults, ledger, progress } = setup();
      faults.failAfterBatches = 55;

      await expect(drop(key, large)).rejects.toThrow(LedgerUnavailableError);
      expect(progress.lines()).toEqual([24_999]);

      delete faults.failAfterBatches;
      const second = await drop(key, large);

      expect(second).toMatchObject({
        counts: { committed: LINES - 27_500, duplicate: 2_501 },
      });
      expect(ledger.events()).toHaveLength(LINES);
    });
  });
});

/** A Bedrock log of so many calls, a second apart. */
function largeLog(lines: number): string {
  const record = JSON.parse(
    fixture("bedrock/invocation-log.jsonl").toString().split("\n")[0] ?? "",
  );
  const startMs = Date.UTC(2026, 10, 20);
  return Array.from({ length: lines }, (_, index) =>
    JSON.stringify({
      ...record,
      requestId: `call-${index}`,
      timestamp: new Date(startMs + index * 1_000).toISOString(),
    }),
  ).join("\n");
}
