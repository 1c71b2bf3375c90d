import type { GithubApi } from "../../functions/adapters/github-api.ts";
import { GithubApiError, githubHook } from "../../functions/adapters/github-hook-deliveries.ts";
import {
  type Reconciliation,
  reconcileGithubHandler,
} from "../../functions/reconcile-github/reconcile-github.ts";
import type { Random } from "../../infra/demo/random.ts";
import { aContext } from "../support/api-gateway-events.ts";
import type { Door } from "./fuzz-target.ts";
import { thrownFaults } from "./thrown-error.ts";
import { FUZZ_NOW_MS } from "./usage-door.ts";

const HOOK = "repos/acme/widgets/hooks/12345678";
const REDELIVERY = new RegExp(`^${HOOK}/deliveries/\\d+/attempts$`);
const STATUSES = [202, 404, 422] as const;

/**
 * The function of reconcile-github, with a GitHub that lists the body that is fed, on two pages. A list that
 * cannot be read fails the run before anything is asked for.
 */
export function redeliveryDoor(): Door {
  return {
    feed: async (body, random) => {
      const asked: string[] = [];
      const handler = reconcileGithubHandler({
        hooks: [githubHook(listing(body, random, asked), HOOK)],
        nowMs: () => FUZZ_NOW_MS,
        emitMetrics: () => undefined,
      });
      const event = { scheduledTime: new Date(FUZZ_NOW_MS).toISOString() };
      const result = await handler(event, aContext()).catch((error: unknown) =>
        thrownFaults(error, [GithubApiError]),
      );
      const common = asked.every((request) => REDELIVERY.test(request))
        ? []
        : ["asked GitHub for something else than a redelivery"];
      if (!("listed" in result)) {
        const early = asked.length === 0 ? [] : ["asked before all was read"];
        return { answer: "unreadable", faults: [...result, ...common, ...early] };
      }
      return {
        answer: result.listed > 0 ? "taken" : "nothing in it",
        faults: [...common, ...resultFaults(result, asked.length)],
      };
    },
  };
}

/** A GitHub that notes what else it is asked for. */
function listing(body: Buffer, random: Random, asked: string[]): GithubApi {
  let pages = 0;
  return {
    request: async (method, path) => {
      if (method === "POST") {
        asked.push(path);
        return new Response(null, { status: random.pick<number>(STATUSES) });
      }
      pages += 1;
      const next = `<https://api.github.com/${HOOK}?cursor=2>; rel="next"`;
      return new Response(new Uint8Array(body), { headers: pages === 1 ? { link: next } : {} });
    },
  };
}

function resultFaults(result: Reconciliation, asked: number): readonly string[] {
  return [
    ...(asked === result.asked + result.refused ? [] : ["asked is not what it says"]),
    ...(result.failed <= result.listed ? [] : ["more failed than were listed"]),
  ];
}
