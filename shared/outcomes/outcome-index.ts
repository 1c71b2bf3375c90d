import type { OutcomeEvent } from "./outcome-event.ts";

/** Finds what refers to an outcome: by id, commit or artifact. Grows as outcomes are added. */
export type OutcomeIndex<Node> = {
  readonly byId: (id: string) => readonly Node[];
  readonly byCommit: (commit: string) => readonly Node[];
  /** Deployments of what this one deploys, whatever their status and environment. */
  readonly sameArtifact: (outcome: OutcomeEvent) => readonly Node[];
  /** Outcomes of this kind of the same target. */
  readonly sameTarget: (outcome: OutcomeEvent) => readonly Node[];
  /** Changes that a deployment names, or else that share a commit with it. */
  readonly changesOf: (deployment: OutcomeEvent) => readonly Node[];
  readonly add: (node: Node) => void;
};

export function outcomeIndex<
  Node extends { readonly outcome: OutcomeEvent },
>(): OutcomeIndex<Node> {
  const ids = new Map<string, Node[]>();
  const commits = new Map<string, Node[]>();
  const artifacts = new Map<string, Node[]>();
  const targets = new Map<string, Node[]>();
  const byId = (id: string): readonly Node[] => ids.get(id) ?? [];
  const byCommit = (commit: string): readonly Node[] =>
    (commits.get(commitKey(commit)) ?? []).filter((node) =>
      node.outcome.commits.some((other) => isSameCommit(commit, other)),
    );
  return {
    byId,
    byCommit,
    sameArtifact: (outcome) => artifacts.get(artifactKey(outcome) ?? "") ?? [],
    sameTarget: (outcome) => targets.get(targetKey(outcome) ?? "") ?? [],
    changesOf: ({ change, commits: shipped }) => {
      const named = change === undefined ? [] : byId(change);
      const nodes = named.length > 0 ? named : shipped.flatMap(byCommit);
      return [...new Set(nodes)].filter((node) => node.outcome.kind === "change_merged");
    },
    add: (node) => {
      const { id, kind } = node.outcome;
      pushTo(ids, id, node);
      if (kind === "incident") {
        // The names that it bears are those of what it came from.
        return;
      }
      for (const key of new Set(node.outcome.commits.map(commitKey))) {
        pushTo(commits, key, node);
      }
      const target = targetKey(node.outcome);
      if (target !== undefined) {
        pushTo(targets, target, node);
      }
      const artifact = artifactKey(node.outcome);
      if (kind === "deployment" && artifact !== undefined) {
        pushTo(artifacts, artifact, node);
      }
    },
  };
}

/** What is deployed: the digest of the artifact, or else the commit that it is built from. */
function artifactKey({ artifact, repository = "", commits }: OutcomeEvent): string | undefined {
  const [commit] = commits;
  return artifact ?? (commit === undefined ? undefined : JSON.stringify([repository, commit]));
}

function targetKey({ kind, target }: OutcomeEvent): string | undefined {
  return target === undefined ? undefined : JSON.stringify([kind, target]);
}

export function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}

const COMMIT_PREFIX = 7;

/** Commits with different keys are different; those with the same key need {@link isSameCommit}. */
export function commitKey(commit: string): string {
  return commit.slice(0, COMMIT_PREFIX).toLowerCase();
}

/** Git abbreviates commits: of two, one begins with the other, seven digits at least. */
export function isSameCommit(a: string, b: string): boolean {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  return short.length >= COMMIT_PREFIX && long.toLowerCase().startsWith(short.toLowerCase());
}
