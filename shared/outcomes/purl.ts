import { isCommit, MAX_LENGTH } from "../usage/field-limits.ts";
import type { SentOutcome } from "./outcome-event.ts";

const VERSION = /@([^?#]+)/;
const DIGEST = /^sha(?:256|384|512):[0-9a-f]{64,128}$/;
/** A shorter version may be a number, such as 20261121. */
const WHOLE_COMMIT_LENGTH = 40;

/**
 * What a package URL says is deployed: the digest of the artifact, so that the same image is the
 * same under every name; else the URL as it is. A version that is a commit is one.
 *
 * @see https://github.com/package-url/purl-spec
 */
export function artifactOfPurl(purl: string): Partial<Pick<SentOutcome, "artifact" | "commits">> {
  const version = decoded(VERSION.exec(purl)?.[1] ?? "").toLowerCase();
  if (DIGEST.test(version)) {
    return { artifact: version };
  }
  if (isCommit(version) && version.length >= WHOLE_COMMIT_LENGTH) {
    return { commits: [version] };
  }
  return purl.length <= MAX_LENGTH.name ? { artifact: purl } : {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
