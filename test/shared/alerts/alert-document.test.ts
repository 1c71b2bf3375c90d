import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emailText } from "../../../shared/alerts/alert-email.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const document = readFileSync(join(import.meta.dirname, "../../../docs/alerts.md"), "utf8");

const LINK = {
  url: "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1/alerts/d2Vlay11c2VyLTAxNy0yMDI2LTEwLTEy.20261012.20261111.Y2hlY2tvdXQtb3duZXI.4fb4ce15e0cf2e1ce6f0ad7cb6e44ac1c51f0dc6f9cfa3d4a1bfb40f4a1c63ad",
  lastDay: "2026-11-11",
};

describe("docs/alerts.md", () => {
  test("shows the e-mail that is really sent", () => {
    const [, example] = /```text\n(.*?)```/s.exec(document) ?? [];

    expect(example).toBe(emailText(explain(aWindowAlert(), LINK)));
  });

  test("shows the message that resolves an alert as it is really sent", () => {
    const [, example] = /```mail\n(.*?)```/s.exec(document) ?? [];

    expect(example).toBe(emailText(explain(aFollowUp("resolved"))));
  });
});
