import { describe, expect, test } from "vitest";
import { decodeOutcome, encodeOutcome } from "../../../shared/outcomes/outcome-codec.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

describe("encodeOutcome", () => {
  test("keeps which files a change and each commit of a push touch", () => {
    const outcome = anOutcomeEvent({
      files: ["hash-1", "hash-2"],
      pushed: [{ commit: "0d1a26e6", files: ["hash-3"] }],
    });

    expect(decodeOutcome(encodeOutcome(outcome))).toEqual(outcome);
  });

  test("writes nothing for files that are not known, so what was kept before is the same text", () => {
    expect(encodeOutcome(anOutcomeEvent())).not.toMatch(/files":\[|pushed/);
  });

  test("never writes a path, even if one is left on the outcome", () => {
    const careless = { ...anOutcomeEvent(), paths: ["src/secret-plan.ts"] };

    expect(encodeOutcome(careless)).not.toContain("secret-plan");
  });
});
