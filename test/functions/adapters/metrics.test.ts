import { expect, test, vi } from "vitest";
import { emitMetrics } from "../../../functions/adapters/metrics.ts";

function printed(emit: () => void): unknown {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  emit();
  const lines = write.mock.calls.map(([line]) => String(line));
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  return JSON.parse(lines[0] ?? "");
}

test("prints one line that CloudWatch reads counts from, with no dimensions", () => {
  expect(printed(() => emitMetrics({ Received: 3, Rejected: 0 }, {}, 1_795_298_560_826))).toEqual({
    _aws: {
      Timestamp: 1_795_298_560_826,
      CloudWatchMetrics: [
        {
          Namespace: "Outpace",
          Dimensions: [[]],
          Metrics: [
            { Name: "Received", Unit: "Count" },
            { Name: "Rejected", Unit: "Count" },
          ],
        },
      ],
    },
    Received: 3,
    Rejected: 0,
  });
});

test("puts dimensions beside the values", () => {
  expect(printed(() => emitMetrics({ AlertsSent: 1 }, { Type: "RUNAWAY" }))).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [["Type"]] }] },
    Type: "RUNAWAY",
    AlertsSent: 1,
  });
});
