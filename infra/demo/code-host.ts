import { TEAMS } from "./people.ts";

export const ORGANISATION = { login: "acme", id: 9_001 };

/** Some commit of the default branch: nothing reads which. */
export const MAIN_SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";

/** A webhook delivery before it has an id. */
export type Draft = {
  readonly timeMs: number;
  readonly event: "pull_request" | "deployment_status" | "push";
  /** Compact JSON: its signature is over these very bytes. */
  readonly body: string;
  /** What it tells that counts: 0 for what is only on the way, or was rejected. */
  readonly outcomes: number;
};

/** A person as the code host writes them. */
export function account(login: string) {
  return { login, id: 1_000 + Number(login.slice(-3)), type: "User" };
}

/** A repository as the code host writes it. */
export function repositoryOf({ repository }: { readonly repository: string }) {
  const name = repository.slice(`${ORGANISATION.login}/`.length);
  const names: readonly string[] = TEAMS.flatMap((team) => [...team.repositories]);
  return {
    id: 186_853_000 + names.indexOf(name),
    name,
    full_name: repository,
    private: true,
    html_url: `https://github.com/${repository}`,
    default_branch: "main",
    owner: { ...ORGANISATION, type: "Organization" },
  };
}
