import type { Attributes } from "../otlp/attribute.ts";
import { MAX_LENGTH, normalisedModel } from "./field-limits.ts";
import type { OtlpFields } from "./otlp-fields.ts";
import { otlpSubject } from "./otlp-labels.ts";

export const CURSOR_TOOL = "cursor";

const SUBJECT_ATTRIBUTES = ["user.email", "enduser.id", "cursor.user.id"] as const;

/** The number that Cursor gives to a person of a team, unless a collector adds who it is. */
export function cursorSubject(fields: OtlpFields): string | undefined {
  return otlpSubject(fields, CURSOR_TOOL, SUBJECT_ATTRIBUTES);
}

/** Cursor's own name of the model; it leaves out the model of some requests. */
export function cursorModel(fields: OtlpFields): string {
  const model = fields.textIfGiven("cursor.model.name", MAX_LENGTH.name);
  return model === undefined ? "-" : normalisedModel(model);
}

/** Whether Cursor says that it does not bill this. */
export function isUnbilled({ attributes }: { readonly attributes: Attributes }): boolean {
  return attributes.get("cursor.api.billable") === false;
}
