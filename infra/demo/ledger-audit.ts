import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { eventsOfSegment } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { addDays, monthOf } from "../../shared/ledger/calendar.ts";
import { type FoldRules, foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import { userDayOfSegment } from "../../shared/ledger/segment.ts";
import type { NanoUsd } from "../../shared/money/nano-usd.ts";

export type LedgerAudit = {
  /** Entries of every grain: what was committed, and nothing else. */
  readonly entries: number;
  readonly unpricedCalls: number;
  readonly totalByMonth: ReadonlyMap<Month, NanoUsd>;
};

/**
 * Reads the whole ledger table as an auditor would, past every function and roll-up, and prices it
 * again.
 */
export async function auditLedger(
  client: DynamoDBClient,
  tableName: string,
  rules: FoldRules,
): Promise<LedgerAudit> {
  const segments = (await scanTable(client, tableName)).flatMap((item) => {
    const key = { pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" };
    const userDay = userDayOfSegment(key);
    return userDay === undefined ? [] : [{ ...userDay, events: eventsOfSegment(item) }];
  });
  const totalByMonth = new Map<Month, NanoUsd>();
  let unpricedCalls = 0;
  const byUserDay = Map.groupBy(segments, ({ user, day }) => `${user} ${day}`);
  for (const group of byUserDay.values()) {
    const { user = "", day = "" } = group[0] ?? {};
    const events = [day, addDays(day, -1), addDays(day, 1)].flatMap((each) =>
      (byUserDay.get(`${user} ${each}`) ?? []).flatMap((segment) => segment.events),
    );
    const { userDay } = foldUserDay(user, day, events, rules);
    const month = monthOf(day);
    totalByMonth.set(month, (totalByMonth.get(month) ?? 0n) + userDay.costNanoUsd);
    unpricedCalls += userDay.unpricedCalls;
  }
  return {
    entries: segments.reduce((total, { events }) => total + events.length, 0),
    unpricedCalls,
    totalByMonth,
  };
}

export type TableItem = Readonly<Record<string, AttributeValue>>;

/** Every item of a table, page after page. */
export async function scanTable(
  client: DynamoDBClient,
  tableName: string,
): Promise<readonly TableItem[]> {
  const items: TableItem[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(start !== undefined && { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
