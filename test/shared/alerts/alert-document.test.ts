import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emailText } from "../../../shared/alerts/alert-email.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const document = readFileSync(join(import.meta.dirname, "../../../docs/alerts.md"), "utf8");

describe("docs/alerts.md", () => {
  test("shows the e-mail that is really sent", () => {
    const [, example] = /```text\n(.*?)```/s.exec(document) ?? [];

    expect(example).toBe(emailText(explain(aWindowAlert())));
  });

  test("shows the message that resolves an alert as it is really sent", () => {
    const [, example] = /```mail\n(.*?)```/s.exec(document) ?? [];

    expect(example).toBe(emailText(explain(aFollowUp("resolved"))));
  });
});
