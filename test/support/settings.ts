import { Settings } from "../../shared/directory/settings.ts";

/** Settings of which a test says only what matters to it. */
export function someSettings(overrides: Record<string, unknown> = {}): Settings {
  return Settings.parse({
    owners: [
      { id: "checkout-owner", email: "checkout-owner@example.com" },
      { id: "platform-owner", email: "platform-owner@example.com" },
    ],
    teams: [{ id: "team-checkout", owner: "checkout-owner", costCenter: "CC-1001" }],
    fallbackOwner: "platform-owner",
    ...overrides,
  });
}
