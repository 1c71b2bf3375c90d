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
  // An ordinary week of a person in the demo costs some $8: with the default floor of $25, most of
  // what is ordinary could not be learnt from. Nobody hears of less than $10 in excess, as usual.
  scoring: { minSpendUsd: 2 },
  operationsEmails: ["outpace-operations@example.com"],
  removalPolicy: "destroy",
} satisfies ConfigurationFile;
