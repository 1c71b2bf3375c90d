import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import type { GithubHook, HookDelivery } from "../../shared/ports/github-hook.ts";
import type { GithubApi } from "./github-api.ts";

const PAGE_SIZE = 100;

/** GitHub did not do what it was asked: a token without the right, a hook that is not there. */
export class GithubApiError extends Error {
  override readonly name = "GithubApiError";

  constructor(what: string, status: number) {
    super(`GitHub answered ${status} to ${what}: check the token's rights and the webhook's path`);
  }
}

const Delivery = z.object({
  id: z.string().regex(/^\d{1,30}$/),
  guid: z.string().min(1),
  delivered_at: z.iso.datetime({ offset: true }),
  redelivery: z.boolean(),
  status_code: z.int(),
});

const Deliveries = JsonText.pipe(z.array(Delivery));

/** GitHub will not send it again: too old, or not there any more. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 410, 422]);

/**
 * The deliveries of a repository's or an organisation's webhook.
 *
 * @param hook Its path in the API, such as `repos/acme/web/hooks/12345678` or `orgs/acme/hooks/1`.
 * @see https://docs.github.com/rest/repos/webhooks
 */
export function githubHook(api: GithubApi, hook: string): GithubHook {
  return {
    deliveriesSince: async (sinceMs) => {
      const deliveries: HookDelivery[] = [];
      let next: string | undefined = `${hook}/deliveries?per_page=${PAGE_SIZE}`;
      while (next !== undefined) {
        const response: Response = await api.request("GET", next);
        if (!response.ok) {
          await response.body?.cancel();
          throw new GithubApiError("the list of deliveries", response.status);
        }
        const page = readPage(await response.text());
        const recent = page.filter(({ deliveredAtMs }) => deliveredAtMs > sinceMs);
        deliveries.push(...recent);
        next = recent.length < page.length ? undefined : nextIn(response.headers.get("link"));
      }
      return deliveries;
    },

    redeliver: async (deliveryId) => {
      const response = await api.request("POST", `${hook}/deliveries/${deliveryId}/attempts`);
      await response.body?.cancel();
      if (response.ok) {
        return "asked";
      }
      if (REFUSALS.has(response.status)) {
        return "refused";
      }
      throw new GithubApiError("a redelivery", response.status);
    },
  };
}

function readPage(text: string): readonly HookDelivery[] {
  // Ids pass what a number can hold without loss: they are read as the digits that they are.
  const exact = text.replaceAll(/"id":\s*(\d+)/g, '"id":"$1"');
  return Deliveries.parse(exact).map(({ id, guid, delivered_at, redelivery, status_code }) => ({
    id,
    guid,
    deliveredAtMs: Date.parse(delivered_at),
    isRedelivery: redelivery,
    statusCode: status_code,
  }));
}

function nextIn(link: string | null): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
}
