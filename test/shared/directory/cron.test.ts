import { describe, expect, test } from "vitest";
import { Cron } from "../../../shared/directory/cron.ts";

function faultOf(text: string) {
  return Cron.safeParse(text).error?.issues[0]?.message;
}

describe("Cron", () => {
  test.each([
    "0 3 * * ? *",
    "0/15 * * * ? *",
    "5,35 8-18 ? JAN-MAR,12 MON-FRI 2026-2030",
    "0 6 L * ? *",
    "0 6 15W * ? *",
    "0 6 ? * 6L *",
    "0 6 ? * 2#1 *",
    "0 0/2 * * ? *",
  ])("Scheduler takes %s", (text) => {
    expect(faultOf(text)).toBeUndefined();
  });

  test.each([
    ["0 25 * * ? *", "its hour must be from 0 to 23"],
    ["60 3 * * ? *", "its minute must be from 0 to 59"],
    ["0 3 0 * ? *", "its day of month must be from 1 to 31"],
    ["0 3 * 13 ? *", "its month must be from 1 to 12"],
    ["0 3 ? * 0 *", "its day of week must be from 1 to 7"],
    ["0 3 * * ? 1969", "its year must be from 1970 to 2199"],
    ["0 3- * * ? *", "its hour must be from 0 to 23"],
    ["0 3-4-5 * * ? *", "its hour must be from 0 to 23"],
    ["0 3/0 * * ? *", "its hour must be from 0 to 23"],
    ["0 3/1/1 * * ? *", "its hour must be from 0 to 23"],
  ])("%s would be refused by Scheduler: %s", (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  test.each(["0 3 * * * *", "0 3 ? * ? *"])(
    "one of the two days has to be left open, and one only: %s",
    (text) => {
      expect(faultOf(text)).toBe(
        "must have ? for one of day of month and day of week, and not for both",
      );
    },
  );
});
