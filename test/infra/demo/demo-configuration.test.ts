import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../infra/config/configuration.ts";
import { DEMO_CONFIGURATION } from "../../../infra/demo/demo-configuration.ts";
import { directoryFile } from "../../../infra/demo/directory-file.ts";
import { makeOrganisation } from "../../../infra/demo/organisation.ts";

const people = makeOrganisation(1).people;
const rows: readonly Record<string, string>[] = parse(directoryFile(people), { columns: true });

describe("DEMO_CONFIGURATION", () => {
  test("is a valid configuration, with three owners of which two have a channel", () => {
    const configuration = parseConfiguration(DEMO_CONFIGURATION, "demo");

    expect(configuration.owners).toHaveLength(3);
    expect(configuration.owners.filter((owner) => owner.slack !== undefined)).toHaveLength(2);
    expect(configuration.teams.map((team) => team.id)).toEqual([
      "team-checkout",
      "team-search",
      "team-platform",
      "team-mobile",
    ]);
  });
});

describe("directoryFile", () => {
  test("has a row for everyone, in a team and with an owner that the configuration knows", () => {
    const teams = new Map(DEMO_CONFIGURATION.teams.map((team) => [team.id as string, team]));

    expect(rows.map((row) => row["user"])).toEqual(people.map((person) => person.email));
    for (const row of rows) {
      const team = teams.get(row["team"] ?? "");
      expect(row["owner"]).toBe(team?.owner);
      expect(row["cost_center"]).toBe(team?.costCenter);
    }
  });

  test("names the login at the code host, or no merged change would find its author", () => {
    expect(rows.map((row) => row["aliases"])).toEqual(
      people.map((person) => `github:${person.login}`),
    );
  });

  test("the new joiner belongs to the team from the first day on", () => {
    expect(rows.find((row) => row["user"] === "user-037@example.com")?.["effective_from"]).toBe(
      "2026-10-05",
    );
  });
});
