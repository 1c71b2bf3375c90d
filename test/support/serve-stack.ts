import { startHost } from "../../infra/local/host.ts";

/** Runs the stack until it is killed: a process of its own for tests that kill it. */
const [assembly = "", stateDir = ""] = process.argv.slice(2);
const host = await startHost({ assembly, stateDir, apiPort: 0, timers: false });
process.stdout.write(
  `${JSON.stringify({ apiUrl: host.apiUrl, outputs: host.outputs, operator: host.operator, childPids: host.childPids })}\n`,
);
