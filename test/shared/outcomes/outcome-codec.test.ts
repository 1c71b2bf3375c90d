import { describe, expect, test } from "vitest";
import { decodeOutcome, encodeOutcome } from "../../../shared/outcomes/outcome-codec.ts";
import { anIncident } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

describe("encodeOutcome", () => {
  test("keeps which files a change and each commit of a push touch", () => {
    const outcome = anOutcomeEvent({
      files: ["hash-1", "hash-2"],
      pushed: [{ commit: "0d1a26e6", files: ["hash-3"] }],
    });

    expect(decodeOutcome(encodeOutcome(outcome))).toEqual(outcome);
  });

  test("keeps which key an incident came with", () => {
    const incident = anIncident({ artifact: "sha256:aa", sentBy: "k7m2p9q4r1s5" });

    expect(decodeOutcome(encodeOutcome(incident))).toEqual(incident);
  });

  test("writes nothing for files that are not known, so what was kept before is the same text", () => {
    expect(encodeOutcome(anOutcomeEvent())).not.toMatch(/files":\[|pushed/);
  });

  test("never writes a path, even if one is left on the outcome", () => {
    const careless = { ...anOutcomeEvent(), paths: ["src/secret-plan.ts"] };

    expect(encodeOutcome(careless)).not.toContain("secret-plan");
  });
});
