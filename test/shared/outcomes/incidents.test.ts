import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import {
  aDeployment,
  anIncident,
  creditOf,
  linesAdded,
  MERGED_MS,
  reasonsOf,
  unitsOf,
} from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

const ARTIFACT = "sha256:aa";
const DEPLOYED_MS = MERGED_MS + 2 * DAY_MS;

const change = anOutcomeEvent();
const deployment = aDeployment({
  change: change.id,
  artifact: ARTIFACT,
  timeMs: DEPLOYED_MS,
});

const INCIDENT_MS = DEPLOYED_MS + DAY_MS;
const byArtifact = anIncident({ artifact: ARTIFACT, timeMs: INCIDENT_MS });
const LATER = { asOfMs: MERGED_MS + 60 * DAY_MS };

describe("an incident", () => {
  test("takes back, from its time on, the change that the artifact ships", () => {
    const all = [change, deployment, byArtifact];

    expect(creditOf(all, { asOfMs: byArtifact.timeMs - 1 })).toBe(1);
    expect(creditOf(all, { asOfMs: byArtifact.timeMs })).toBe(0);
    expect(unitsOf(all, LATER)).toMatchObject([{ state: "reverted", counted: [] }]);
    expect(reasonsOf(all)).toEqual({
      [change.id]: "undone-by-incident",
      [deployment.id]: "change-counted",
      [byArtifact.id]: "incident",
    });
  });

  test("takes back a deployment that no known change explains", () => {
    const alone = aDeployment({ artifact: ARTIFACT, timeMs: DEPLOYED_MS });

    expect(creditOf([alone])).toBe(0.5);
    expect(creditOf([alone, byArtifact])).toBe(0);
  });

  test.each([
    { name: { change: change.id } },
    { name: { commits: ["0d1a26e6"] } },
    { name: { commits: ["0d1a26e6deadbeef"], artifact: "sha256:never-seen" } },
  ])("may name the change or a commit of it: $name", ({ name }) => {
    expect(creditOf([change, anIncident(name)], LATER)).toBe(0);
  });

  test("takes the change also if an earlier deployment of the artifact names none", () => {
    const silent = aDeployment({ id: "deploy-0", artifact: ARTIFACT, timeMs: DEPLOYED_MS - 1 });

    expect(reasonsOf([change, silent, deployment, byArtifact])).toMatchObject({
      [change.id]: "undone-by-incident",
    });
  });

  test("that names a commit takes that change, and not all that is in the same artifact", () => {
    const other = anOutcomeEvent({ id: "other", branch: "feat/y", commits: ["bbbbbbb1"] });
    const both = aDeployment({
      artifact: ARTIFACT,
      commits: ["0d1a26e6", "bbbbbbb1"],
      timeMs: DEPLOYED_MS,
    });
    const all = [change, other, both];

    expect(creditOf([...all, byArtifact])).toBe(0);
    expect(creditOf([change, other, anIncident({ commits: ["bbbbbbb1"] })])).toBe(1);
    expect(creditOf([...all, anIncident({ change: "other", artifact: ARTIFACT })])).toBe(1);
  });

  test.each([
    { what: "names nothing", incident: anIncident() },
    { what: "names what is not known", incident: anIncident({ artifact: "sha256:other" }) },
    { what: "is not in production", incident: { ...byArtifact, environment: "staging" } },
    { what: "came before the deployment", incident: { ...byArtifact, timeMs: DEPLOYED_MS - 1 } },
    { what: "was not one after all", incident: { ...byArtifact, status: "failed" as const } },
  ])("that $what takes nothing, and is no news", ({ incident }) => {
    const all = [change, deployment, incident];

    expect(creditOf(all)).toBe(1);
    expect(Object.keys(reasonsOf(all))).toEqual([deployment.id]);
  });

  test("takes back what stood in production for no longer than the survival days", () => {
    const incidentAt = (days: number, more = 0) => [
      change,
      deployment,
      { ...byArtifact, timeMs: DEPLOYED_MS + days * DAY_MS + more },
    ];

    expect(creditOf(incidentAt(7), LATER)).toBe(0);
    expect(creditOf(incidentAt(7, 1), LATER)).toBe(1);
  });

  test("counts the survival days from the merge where no deployment is known", () => {
    const named = (timeMs: number) => anIncident({ change: change.id, timeMs });

    expect(creditOf([change, named(MERGED_MS + 7 * DAY_MS)], LATER)).toBe(0);
    expect(creditOf([change, named(MERGED_MS + 7 * DAY_MS + 1)], LATER)).toBe(1);
  });

  test("does not count them from a deployment that came later", () => {
    const incident = anIncident({ change: change.id, timeMs: MERGED_MS + 9 * DAY_MS });
    const later = { ...deployment, timeMs: MERGED_MS + 10 * DAY_MS };

    expect(creditOf([change, incident, later], LATER)).toBe(1);
  });

  test("takes nothing for an artifact that survived, even if it is deployed again", () => {
    const again = { ...deployment, id: "deploy-2", timeMs: DEPLOYED_MS + 20 * DAY_MS };
    const incident = { ...byArtifact, timeMs: again.timeMs + DAY_MS };

    expect(creditOf([change, deployment, again, incident], LATER)).toBe(1);
  });

  test("does not take back a revert: that may be what caused it", () => {
    const revert = anOutcomeEvent({
      id: "revert",
      timeMs: MERGED_MS + DAY_MS,
      commits: ["fffffff1"],
      reverts: change.id,
    });

    expect(creditOf([change, revert, anIncident({ commits: ["fffffff1"] })])).toBe(0);
  });
});

describe("after an incident", () => {
  test("deploying the same again gives nothing back: it is the same artifact", () => {
    const again = { ...deployment, id: "deploy-2", timeMs: DEPLOYED_MS + 2 * DAY_MS };

    expect(creditOf([change, deployment, byArtifact, again], LATER)).toBe(0);
  });

  test("the repair earns its own lines", () => {
    const repair = anOutcomeEvent({
      id: "repair",
      commits: ["ccccccc1"],
      timeMs: DEPLOYED_MS + 2 * DAY_MS,
      size: linesAdded(5),
    });

    expect(creditOf([change, deployment, byArtifact, repair], LATER)).toBe(0.25);
  });

  const withdrawal = anIncident({
    id: "withdrawal",
    timeMs: DEPLOYED_MS + 2 * DAY_MS,
    reverts: byArtifact.id,
  });

  test("a false alarm is withdrawn by an incident that reverts it", () => {
    const all = [change, deployment, byArtifact, withdrawal];

    expect(creditOf(all, { asOfMs: byArtifact.timeMs })).toBe(0);
    expect(creditOf(all, LATER)).toBe(1);
  });

  describe("with the key it came with", () => {
    const keyed = { ...byArtifact, sentBy: "key-of-monitoring" };

    test.each([
      { sentBy: "key-of-monitoring", credit: 1 },
      { sentBy: "key-of-a-pipeline", credit: 0 },
      { sentBy: undefined, credit: 0 },
    ])("is withdrawn by that key alone: $sentBy gives back $credit", ({ sentBy, credit }) => {
      const by = sentBy === undefined ? withdrawal : { ...withdrawal, sentBy };

      expect(creditOf([change, deployment, keyed, by], LATER)).toBe(credit);
    });

    test.each([
      { name: "an incident", decoy: anIncident({ sentBy: "key-of-a-pipeline" }) },
      { name: "an issue", decoy: anOutcomeEvent({ kind: "issue_resolved" }) },
    ])(
      "is not passed for a repetition of $name that another key sends under its id",
      ({ decoy }) => {
        const earlier = { ...decoy, id: keyed.id, timeMs: keyed.timeMs - 1, commits: ["fffffff9"] };

        expect(reasonsOf([change, deployment, earlier, keyed], LATER)).toMatchObject({
          [change.id]: "undone-by-incident",
        });
      },
    );

    test("takes back once what two keys report, until both withdraw it", () => {
      const second = { ...keyed, timeMs: keyed.timeMs + 1, sentBy: "key-of-support" };
      const first = { ...withdrawal, sentBy: keyed.sentBy };
      const both = { ...withdrawal, id: "withdrawal-2", sentBy: second.sentBy };

      expect(creditOf([change, deployment, keyed, second, first], LATER)).toBe(0);
      expect(creditOf([change, deployment, keyed, second, first, both], LATER)).toBe(1);
    });
  });

  test("what withdraws incidents reverts nothing else, and takes nothing by what it names", () => {
    const names = { artifact: ARTIFACT, commits: change.commits };
    const all = [change, deployment, { ...withdrawal, ...names, reverts: change.id }];

    expect(creditOf(all, LATER)).toBe(1);
  });

  test("a change that claims to revert an incident withdraws nothing", () => {
    const claim = anOutcomeEvent({ id: "claim", commits: [], reverts: byArtifact.id });
    const all = [change, deployment, byArtifact, { ...claim, timeMs: withdrawal.timeMs }];

    expect(creditOf(all, LATER)).toBe(0);
  });

  test("withdrawing it leaves a rollback of the same commit alone", () => {
    const commits = ["0d1a26e6"];
    const rollback = aDeployment({
      id: "rollback",
      status: "rolled_back",
      commits,
      timeMs: DEPLOYED_MS,
    });
    const incident = anIncident({ commits });
    const all = [change, rollback, incident, { ...withdrawal, reverts: incident.id }];

    expect(reasonsOf(all)).toMatchObject({
      [change.id]: "undone",
    });
  });

  test("a revert of the change does not withdraw it", () => {
    const incident = anIncident({ commits: ["0d1a26e6"] });
    const revert = anOutcomeEvent({
      id: "revert",
      commits: ["fffffff1"],
      timeMs: incident.timeMs + 1,
      reverts: "0d1a26e6",
    });
    const restored = anOutcomeEvent({
      id: "restored",
      commits: ["fffffff2"],
      timeMs: incident.timeMs + 2,
      reverts: "revert",
    });

    expect(reasonsOf([change, incident, revert])).toMatchObject({
      [change.id]: "undone-by-incident",
    });
    expect(creditOf([change, incident, revert, restored])).toBe(0);
  });
});
