const PATH_OF_URL = /^(?:[a-z][a-z+.-]*:\/\/(?:[^/@]*@)?[^/]+\/|[^/@:]+@[^/:]+:)(.+)$/i;

/**
 * `owner/name` of a repository's address, as code hosts and telemetry write it; a text that is no
 * address as it is.
 */
export function repositoryOfUrl(url: string): string {
  const path = PATH_OF_URL.exec(url)?.[1] ?? url;
  return path.replace(/\/+$/, "").replace(/\.git$/i, "") || url;
}
