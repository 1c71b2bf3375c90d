import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import { CommandError } from "./command-line.ts";

/** How an operator reaches a running stack: the one on this machine, or the one in AWS. */
export type Connection = {
  /**
   * Value of a stack output.
   *
   * @throws {CommandError} if the stack has no such output.
   */
  readonly output: (name: string) => string;
  /** Configuration of AWS clients. */
  readonly client: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
    /** Host names such as `bucket.127.0.0.1` do not exist. */
    readonly forcePathStyle?: boolean;
  };
};

const Outputs = z.record(z.string(), z.string());
/** What the local host writes when it is ready. */
const Endpoint = z.object({ gatewayUrl: z.url(), pid: z.int().positive(), outputs: Outputs });
/** What `cdk deploy --outputs-file` writes: outputs by stack. */
const CdkOutputs = z.record(z.string(), Outputs);

const PROJECT = resolve(import.meta.dirname, "../..");

/**
 * Connects to the stack that is deployed, by AWS credentials where AWS tools look for them, or to the
 * one that runs here.
 *
 * @throws {CommandError} if there is none, with what to do about it.
 */
export function connect(deployed: boolean, project = PROJECT): Connection {
  return deployed ? connectDeployed(project) : connectLocal(project);
}

function connectLocal(project: string): Connection {
  const endpoint = readJson(resolve(project, ".outpace/endpoint.json"), Endpoint);
  if (endpoint === undefined || !isAlive(endpoint.pid)) {
    throw new CommandError(
      "Outpace does not run on this machine: start it with npm start, or say --deployed",
    );
  }
  return {
    output: outputOf(endpoint.outputs),
    client: {
      region: endpoint.outputs["StackRegion"] ?? "us-east-1",
      endpoint: endpoint.gatewayUrl,
      // The local gateway knows its operator by this name; there is nothing secret about it.
      credentials: { accessKeyId: "HOST", secretAccessKey: "HOST" },
      forcePathStyle: true,
    },
  };
}

function connectDeployed(project: string): Connection {
  const stacks = readJson(resolve(project, "cdk-outputs.json"), CdkOutputs);
  const [outputs, ...others] = Object.values(stacks ?? {}).filter(
    (stack) => stack["DirectoryTableName"] !== undefined,
  );
  if (outputs === undefined) {
    throw new CommandError(
      "cdk-outputs.json names no deployed stack of Outpace: deploy it with npm run deploy",
    );
  }
  if (others.length > 0) {
    throw new CommandError("cdk-outputs.json names more than one stack: leave one in it");
  }
  const region = outputs["StackRegion"];
  return { output: outputOf(outputs), client: region === undefined ? {} : { region } };
}

/** @returns nothing if there is no such file. */
function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const text = textOf(file);
  if (text === undefined) {
    return undefined;
  }
  const parsed = JsonText.pipe(schema).safeParse(text);
  if (!parsed.success) {
    throw new CommandError(`${file} cannot be read:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A host that was killed leaves its file behind. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function outputOf(outputs: Readonly<Record<string, string>>): Connection["output"] {
  return (name) => {
    const value = outputs[name];
    if (value === undefined) {
      throw new CommandError(`the stack has no output ${name}: it is of another version`);
    }
    return value;
  };
}
