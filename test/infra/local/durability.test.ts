import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchGetItemCommand,
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Host, type HostOptions, startHost } from "../../../infra/local/host.ts";
import {
  requireFreeStateFolder,
  StateFolderInUseError,
} from "../../../infra/local/state-folder.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";
import { until } from "./fixture/until.ts";

type Running = Pick<Host, "childPids" | "operator" | "outputs"> & {
  readonly process: ChildProcess;
};

let assembly: string;
let stateDir: string;
const open: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  assembly = await fixtureAssembly();
});
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "outpace-durability-"));
});
afterEach(async () => {
  for (const close of open.splice(0)) {
    await close();
  }
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(options: Partial<HostOptions> = {}): Promise<Host> {
  const host = await startHost({ assembly, timers: false, stateDir, apiPort: 0, ...options });
  open.push(host.close);
  return host;
}

async function startProcess(): Promise<Running> {
  const script = join(import.meta.dirname, "fixture/run-host.ts");
  const child = spawn(process.execPath, [script, assembly, stateDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  open.push(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { ...JSON.parse(String(line)), process: child };
}

async function kill({ process: child }: Running): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

const isAlive = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0] !== "Z";
  } catch {
    return false;
  }
};

const put = ({ operator, outputs }: Pick<Host, "operator" | "outputs">, pk: string) => {
  const input: PutItemCommandInput = {
    TableName: outputs["ItemsTableName"],
    Item: { pk: { S: pk } },
  };
  return new DynamoDBClient(operator).send(new PutItemCommand(input));
};

const drop = ({ operator }: Pick<Host, "operator">, Key: string) =>
  new S3Client(operator).send(
    new PutObjectCommand({ Bucket: bucketName(assembly), Key, Body: "a" }),
  );

describe("a host that is killed", () => {
  test("takes its child processes with it", async () => {
    const running = await startProcess();
    expect(running.childPids.filter(isAlive)).toHaveLength(2);

    await kill(running);

    await until(() => (running.childPids.some(isAlive) ? undefined : true));
  });

  test("loses no record of a stream that was waiting for a batch", async () => {
    const running = await startProcess();
    const keys = Array.from({ length: 25 }, (_, index) => `U#${index}`);
    await Promise.all(keys.map((key) => put(running, key)));

    await kill(running);
    const host = await start();
    await host.idle();

    const seen = String(host.outputs["SeenTableName"]);
    const { Responses } = await new DynamoDBClient(host.operator).send(
      new BatchGetItemCommand({
        RequestItems: { [seen]: { Keys: keys.map((key) => ({ pk: { S: `stream#${key}` } })) } },
      }),
    );
    expect(Responses?.[seen]).toHaveLength(keys.length);
  });

  test("finds its secrets and objects again", async () => {
    const running = await startProcess();
    const secret = ({ operator }: Pick<Host, "operator">) =>
      new SecretsManagerClient(operator).send(
        new GetSecretValueCommand({ SecretId: secretArn(assembly) }),
      );
    const object = { Bucket: bucketName(assembly), Key: "reports/2026-10.csv" };
    await new S3Client(running.operator).send(new PutObjectCommand({ ...object, Body: "a,b" }));
    const { SecretString } = await secret(running);

    await kill(running);
    const host = await start();

    expect((await secret(host)).SecretString).toBe(SecretString);
    const { Body } = await new S3Client(host.operator).send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe("a,b");
  });
});

describe("a restart", () => {
  test("continues a stream where it was, and delivers nothing twice", async () => {
    const first = await start();
    await put(first, "U#once");
    await first.idle();
    await first.close();

    const second = await start();
    await put(second, "U#next");
    await second.idle();

    const calls = [...second.calls].filter(([key]) => key.startsWith("ConsumeStream"));
    expect(calls.map(([, count]) => count)).toEqual([1]);
  });

  test("announces a dropped object again that was not taken, since a queue is not kept", async () => {
    const first = await start();
    first.faults.push((call) =>
      call.caller.startsWith("ConsumeQueue") ? { when: "before" } : undefined,
    );
    await drop(first, "drops/people.csv");
    await first.close();

    const second = await start();
    await second.idle();

    const calls = [...second.calls].filter(([key]) => key.startsWith("ConsumeQueue"));
    expect(calls.map(([, count]) => count)).toEqual([1]);
  });
});

describe("a restart after dropped objects were taken", () => {
  test("does not announce them again: an older file could win over a newer", async () => {
    const first = await start();
    await drop(first, "drops/people.csv");
    await first.idle();
    await first.close();

    const second = await start();
    await second.idle();

    expect([...second.calls.keys()].filter((key) => key.startsWith("ConsumeQueue"))).toEqual([]);
  });
});

describe("a schedule", () => {
  const DAY_MS = 86_400_000;
  const nightly = () =>
    join(stateDir, "checkpoints", logicalId(assembly, "AWS::Scheduler::Schedule"));

  /** Starts with schedules by the clock, and answers how often the nightly run has come. */
  async function nightlyRuns(): Promise<number> {
    const host = await start({
      timers: true,
      template: ({ Resources }) => {
        for (const { Type, Properties } of Object.values(Resources)) {
          if (Type === "AWS::Scheduler::Schedule") {
            const text = JSON.stringify(Properties["Target"]).replace("echo", "put");
            Properties["Target"] = JSON.parse(text);
          }
        }
      },
    });
    await host.idle();
    await host.close();
    return [...host.calls]
      .filter(([call]) => call.startsWith("Job"))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  test("has nothing to make up for on its first start", async () => {
    expect(await nightlyRuns()).toBe(0);
  });

  test("makes up for the last time that passed while no host ran, and once", async () => {
    await nightlyRuns();
    writeFileSync(nightly(), String(Date.now() - 3 * DAY_MS));

    expect(await nightlyRuns()).toBe(1);
    expect(await nightlyRuns()).toBe(0);
  });
});

describe("a state folder", () => {
  test("belongs to one host at a time", async () => {
    const host = await start();

    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
    // What would be built into the folder is asked before, while a host reads what is there.
    expect(() => requireFreeStateFolder(stateDir)).toThrow(StateFolderInUseError);

    await host.close();
    expect(() => requireFreeStateFolder(stateDir)).not.toThrow();
    await start();
  });

  test("is taken over from a process that is no more", async () => {
    writeFileSync(join(stateDir, "lock"), "999999999.1");

    await expect(start()).resolves.toBeDefined();
  });

  test("says where the endpoints are, until the host ends", async () => {
    const host = await start();
    const file = join(stateDir, "endpoint.json");

    const { apiUrl, gatewayUrl, outputs } = host;
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      apiUrl,
      gatewayUrl,
      outputs,
      pid: process.pid,
    });
    await host.close();
    expect(existsSync(file)).toBe(false);
  });

  test("is temporary if none is given, and is gone with the host", async () => {
    const host = await startHost({ assembly, timers: false });
    expect(existsSync(host.stateDir)).toBe(true);

    await host.close();

    expect(existsSync(host.stateDir)).toBe(false);
  });

  test("that was left behind by a killed host is removed by the next one", async () => {
    const host = await startHost({ assembly, timers: false });
    const [root = "", name = ""] = splitPath(host.stateDir);
    const stale = mkdtempSync(join(root, `${name.replace(/\d+\.\d+-.*/, "999999999.1-")}`));
    await host.close();

    await start();

    expect(existsSync(stale)).toBe(false);
  });

  test("with a table of another shape is refused, rather than read wrongly", async () => {
    await (await start()).close();

    const changed = start({
      template: ({ Resources }) => {
        for (const { Type, Properties } of Object.values(Resources)) {
          if (Type === "AWS::DynamoDB::GlobalTable") {
            Properties["StreamSpecification"] = { StreamViewType: "KEYS_ONLY" };
          }
        }
      },
    });

    await expect(changed).rejects.toThrow("has other keys, indexes or stream than the template");
  });
});

describe("the network", () => {
  test("is the loopback address for every socket that listens", async () => {
    const running = await startProcess();

    const addresses = [running.process.pid ?? 0, ...running.childPids].flatMap(listeningAddresses);

    // API, gateway, and the two backends.
    expect(addresses).toHaveLength(4);
    expect(new Set(addresses)).toEqual(new Set(["0100007F"]));
  });

  test("has a clear error when the API's port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    open.push(() => void server.close());

    await expect(start({ apiPort: port })).rejects.toThrow(`HTTP API: port ${port} is in use`);
  });
});

function listeningAddresses(pid: number): readonly string[] {
  const inodes = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = ""]) => state === "0A" && inodes.includes(inode))
      .map(([, address = ""]) => address.split(":")[0] ?? ""),
  );
}

function splitPath(path: string): readonly string[] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, slash), path.slice(slash + 1)];
}

/** Names as the runtime makes them, for a host in another process. */
function bucketName(directory: string): string {
  return `fixture-${logicalId(directory, "AWS::S3::Bucket").toLowerCase()}`;
}

function secretArn(directory: string): string {
  const id = logicalId(directory, "AWS::SecretsManager::Secret");
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:Fixture-${id}-aB3dE5`;
}

function logicalId(directory: string, type: string): string {
  const template: { Resources: Record<string, { Type: string }> } = JSON.parse(
    readFileSync(join(directory, "Fixture.template.json"), "utf8"),
  );
  const [id = ""] = Object.entries(template.Resources).find(([, { Type }]) => Type === type) ?? [];
  return id;
}
