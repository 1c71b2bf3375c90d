import { describe, expect, test } from "vitest";
import { directoryLookup, UNASSIGNED } from "../../../shared/directory/directory.ts";

const row = {
  user: "p17",
  team: "team-checkout",
  costCenter: "cc-1",
  owner: "owner-a",
  useCase: "feature-work",
};
const lookup = directoryLookup({
  assignments: [
    { ...row, effectiveFrom: "2026-09-01" },
    { ...row, team: "team-search", effectiveFrom: "2026-10-01" },
  ],
  aliases: new Map([["login17", "p17"]]),
});

describe("directoryLookup", () => {
  test("places a person by the assignment in force on that day", () => {
    expect(lookup.placeOf("p17", "2026-09-30").team).toBe("team-checkout");
    expect(lookup.placeOf("p17", "2026-10-01").team).toBe("team-search");
  });

  test("finds the person behind a login", () => {
    expect(lookup.personOf("login17")).toBe("p17");
    expect(lookup.placeOf("login17", "2026-10-02").team).toBe("team-search");
  });

  test("leaves whom it does not know a visible line of their own", () => {
    expect(lookup.personOf("p99")).toBe("p99");
    expect(lookup.placeOf("p99", "2026-10-02")).toEqual(UNASSIGNED);
    expect(lookup.placeOf("p17", "2026-08-31")).toEqual(UNASSIGNED);
  });
});
