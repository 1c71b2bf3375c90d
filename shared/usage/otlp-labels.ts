import { normalisedSubject } from "../directory/subject.ts";
import { MAX_LENGTH } from "./field-limits.ts";
import type { OtlpFields } from "./otlp-fields.ts";

/** Ids that mean a person to the organisation, not only to the tool. */
const ORGANISATION_SUBJECTS: ReadonlySet<string> = new Set(["user.email", "enduser.id"]);

/** Who spent it: the first of these attributes that is given. An id of the tool's own gets the tool's name in front. */
export function otlpSubject(
  fields: OtlpFields,
  tool: string,
  attributes: readonly string[],
): string | undefined {
  for (const attribute of attributes) {
    const id = fields.label([attribute], MAX_LENGTH.subject);
    if (id !== undefined) {
      const isPerson = ORGANISATION_SUBJECTS.has(attribute) || id.includes("@");
      return normalisedSubject(isPerson ? id : `${tool}:${id}`);
    }
  }
  return undefined;
}

/** What the work was for, where record or resource say so. */
export function workLabels(fields: OtlpFields) {
  const name = (...names: readonly string[]) => fields.label(names, MAX_LENGTH.name);
  return {
    useCase: name("use_case"),
    repository: name("repository", "vcs.repository.name"),
    branch: name("branch", "vcs.ref.head.name"),
  };
}
