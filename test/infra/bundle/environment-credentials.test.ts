import { describe, expect, test, vi } from "vitest";
import { defaultProvider } from "../../../infra/bundle/environment-credentials.ts";

describe("defaultProvider", () => {
  test("the role's credentials come from the environment, as Lambda sets it", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example-secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "example-token");

    const credentials = await defaultProvider()();

    expect(credentials).toEqual({
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: "example-secret",
      sessionToken: "example-token",
    });
  });

  test("without credentials it says what is missing, as there is nowhere else to look", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "");

    await expect(defaultProvider()()).rejects.toThrow("AWS_ACCESS_KEY_ID");
  });
});
