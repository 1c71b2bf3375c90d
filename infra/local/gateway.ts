import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Activity } from "./activity.ts";
import { type AwsCall, OPERATOR, readAwsCall, UnsupportedCallError } from "./aws-call.ts";
import { type CapacityMeter, isMetered, withConsumedCapacity } from "./capacity.ts";
import type { PartitionKeys } from "./dynamodb-access.ts";
import type { Policy } from "./iam.ts";
import { errorMessage } from "./json.ts";
import { ACCOUNT_ID } from "./template.ts";
import { closeServer, keepAliveSender, listen, readBody, type WireResponse } from "./wire.ts";
import { accessDenied, json, type Service, wireError } from "./wire-errors.ts";

/** What a fault does to a call: refuse it, or answer an error although it was carried out. */
export type FaultEffect = {
  /** `before` keeps the call from the service; `after` lets it commit and loses the answer. */
  readonly when: "before" | "after";
  /** Left out, the connection is cut without an answer. */
  readonly error?: { readonly status: number; readonly code: string; readonly message?: string };
};

/** Looks at a call of a function and may let it fail. Operator calls never pass a fault. */
export type Fault = (call: AwsCall) => FaultEffect | undefined;

export type DeniedCall = {
  readonly function: string;
  readonly action: string;
  readonly resource: string;
};

/** Does a call that is not forwarded to a backend process. */
export type LocalService = (call: AwsCall) => Promise<WireResponse>;

/** What the gateway needs to know of the stack, which itself needs the gateway's address. */
export type GatewayRules = {
  readonly region: string;
  /** Policy of each function's role, by logical id of the function. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly partitionKeys: PartitionKeys;
  readonly deploymentGroupOf: (deploymentId: string) => string | undefined;
  readonly services: Readonly<Record<Service, URL | LocalService>>;
  /** Runs after the service has answered well, before the caller learns it. */
  readonly onCommitted: (call: AwsCall) => Promise<void>;
};

export type Gateway = {
  readonly url: string;
  readonly open: (rules: GatewayRules) => void;
  readonly faults: Fault[];
  /** Calls by `<function> <action>`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly denied: readonly DeniedCall[];
  readonly close: () => Promise<void>;
};

/** The one endpoint through which every AWS call of the functions passes. */
export async function startGateway(activity: Activity, capacity: CapacityMeter): Promise<Gateway> {
  const calls = new Map<string, number>();
  const denied: DeniedCall[] = [];
  const faults: Fault[] = [];
  const sender = keepAliveSender();
  let rules: GatewayRules | undefined;

  const server = createServer((request, response) => {
    void activity.track(async () => {
      try {
        send(response, await respond(request));
      } catch (error) {
        const status = error instanceof UnsupportedCallError ? 501 : 500;
        send(response, json(status, { __type: "InternalFailure", message: errorMessage(error) }));
      }
    });
  });

  async function respond(request: IncomingMessage): Promise<WireResponse | undefined> {
    const body = await readBody(request);
    if (rules === undefined) {
      throw new Error("the gateway is not open yet");
    }
    const { method = "GET", url = "/", headers } = request;
    const call = readAwsCall({ method, url, headers, body }, rules);
    if (call.caller === OPERATOR) {
      return perform(call, rules);
    }
    const refusal = authorise(call, rules);
    if (refusal !== undefined) {
      return refusal;
    }
    const effect = firstEffect(faults, call);
    const done = effect?.when === "before" ? undefined : await perform(call, rules);
    return effect === undefined ? done : faultAnswer(call.service, effect);
  }

  function authorise(call: AwsCall, { policies }: GatewayRules): WireResponse | undefined {
    const allows = policies.get(call.caller);
    for (const access of call.accesses) {
      const key = `${call.caller} ${access.action}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
      if (allows?.(access) !== true) {
        const { action, resource } = access;
        denied.push({ function: call.caller, action, resource });
        return accessDenied(
          call.service,
          `User: arn:aws:sts::${ACCOUNT_ID}:assumed-role/${call.caller} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
        );
      }
    }
    return undefined;
  }

  async function perform(call: AwsCall, open: GatewayRules): Promise<WireResponse> {
    if (call.operation.startsWith("Unsupported")) {
      throw new UnsupportedCallError(`${call.service} ${call.operation} is not emulated locally`);
    }
    const metered =
      call.service === "dynamodb" && call.caller !== OPERATOR && isMetered(call.operation);
    const service = open.services[call.service];
    const answer = await (typeof service === "function"
      ? service(call)
      : forward(call, service, metered));
    if (answer.status < 300) {
      if (metered) {
        capacity.record(call.caller, call.operation, answer.body);
      }
      await open.onCommitted(call);
    }
    return answer;
  }

  function forward(call: AwsCall, backend: URL, metered: boolean): Promise<WireResponse> {
    const { method, url: path, headers } = call;
    const body = metered ? withConsumedCapacity(call.body) : call.body;
    return sender.send(backend, { method, path, headers, body });
  }

  const url = await listen(server, 0, "AWS gateway");
  return {
    url: url.origin,
    open: (opened) => {
      rules = opened;
    },
    faults,
    calls,
    denied,
    close: async () => {
      await closeServer(server);
      sender.close();
    },
  };
}

function firstEffect(faults: readonly Fault[], call: AwsCall): FaultEffect | undefined {
  for (const fault of faults) {
    const effect = fault(call);
    if (effect !== undefined) {
      return effect;
    }
  }
  return undefined;
}

function faultAnswer(service: Service, { error }: FaultEffect): WireResponse | undefined {
  return error === undefined
    ? undefined
    : wireError(service, error.status, error.code, error.message ?? "injected fault");
}

function send(response: ServerResponse, answer: WireResponse | undefined): void {
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
  response.end(answer.body);
}
