import type { ConfigurationFile } from "../config/configuration.ts";
import type { Team } from "./people.ts";
import { TEAMS } from "./people.ts";

export const OWNER_OF_TEAM: Readonly<Record<Team["id"], string>> = {
  "team-checkout": "commerce-owner",
  "team-search": "commerce-owner",
  "team-platform": "platform-owner",
  "team-mobile": "mobile-owner",
};

/** What the demo's `outpace.config.ts` would hold. */
export const DEMO_CONFIGURATION = {
  stackName: "OutpaceDemo",
  owners: [
    {
      id: "commerce-owner",
      email: "commerce-owner@example.com",
      slack: { workspaceId: "T0DEMO0001", channelId: "C0COMMERCE" },
    },
    {
      id: "platform-owner",
      email: "platform-owner@example.com",
      slack: { workspaceId: "T0DEMO0001", channelId: "C0PLATFORM" },
    },
    { id: "mobile-owner", email: "mobile-owner@example.com" },
  ],
  teams: TEAMS.map(({ id, costCenter }) => ({ id, costCenter, owner: OWNER_OF_TEAM[id] })),
  fallbackOwner: "platform-owner",
  // Forty people in the demo make about ten calls a session, a third of what agents really do, so
  // the floors below which nobody is told are a third of the defaults too.
  scoring: { minSpendUsd: 8, minExcessUsd: 8 },
  operationsEmails: ["outpace-operations@example.com"],
  removalPolicy: "destroy",
} satisfies ConfigurationFile;
