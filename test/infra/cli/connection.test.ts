import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandError } from "../../../infra/cli/command-line.ts";
import { connect } from "../../../infra/cli/connection.ts";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "outpace-connection-"));
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

function writeEndpoint(overrides: Readonly<Record<string, unknown>> = {}): void {
  mkdirSync(join(project, ".outpace"), { recursive: true });
  const endpoint = {
    apiUrl: "http://127.0.0.1:4000",
    gatewayUrl: "http://127.0.0.1:4001",
    outputs: { DirectoryTableName: "Directory", StackRegion: "eu-central-1" },
    pid: process.pid,
    ...overrides,
  };
  writeFileSync(join(project, ".outpace/endpoint.json"), JSON.stringify(endpoint));
}

function writeStacks(stacks: unknown): void {
  writeFileSync(join(project, "cdk-outputs.json"), JSON.stringify(stacks));
}

describe("connect to this machine", () => {
  test("goes to the gateway of the running host as its operator", () => {
    writeEndpoint();

    const { client, output } = connect(false, project);

    expect(output("DirectoryTableName")).toBe("Directory");
    expect(client).toEqual({
      region: "eu-central-1",
      endpoint: "http://127.0.0.1:4001",
      credentials: { accessKeyId: "HOST", secretAccessKey: "HOST" },
      forcePathStyle: true,
    });
  });

  test("without a running host says how to start one", () => {
    expect(() => connect(false, project)).toThrow(/npm start/);
  });

  test("a host that was killed, and left its file behind, does not run", () => {
    // Above what Linux gives to processes.
    writeEndpoint({ pid: 2 ** 22 + 1 });

    expect(() => connect(false, project)).toThrow(/npm start/);
  });

  test("a file that is damaged is named", () => {
    writeEndpoint({ gatewayUrl: 4001 });

    expect(() => connect(false, project)).toThrow(/endpoint\.json cannot be read/);
  });

  test("an output that the stack lacks is an error, never an empty name", () => {
    writeEndpoint();

    expect(() => connect(false, project).output("LedgerTableName")).toThrow(CommandError);
  });
});

describe("connect to the deployed stack", () => {
  test("takes outputs and region from the deployment, and credentials from AWS's own places", () => {
    writeStacks({
      Bootstrap: { Version: "1" },
      Outpace: { DirectoryTableName: "Directory-1", StackRegion: "eu-west-1" },
    });

    const { client, output } = connect(true, project);

    expect(client).toEqual({ region: "eu-west-1" });
    expect(output("DirectoryTableName")).toBe("Directory-1");
  });

  test.each([undefined, {}, { Other: { Version: "1" } }])(
    "without one says how to deploy: %j",
    (stacks) => {
      if (stacks !== undefined) {
        writeStacks(stacks);
      }

      expect(() => connect(true, project)).toThrow(/npm run deploy/);
    },
  );

  test("never guesses between two stacks", () => {
    const stack = { DirectoryTableName: "Directory" };
    writeStacks({ Test: stack, Production: stack });

    expect(() => connect(true, project)).toThrow(/more than one/);
  });
});
