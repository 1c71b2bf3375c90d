import * as z from "zod";
import { ANSWERS, type Answer } from "./alert-answer.ts";

const AnswerForm = z.strictObject({ answer: z.enum(ANSWERS) });

/**
 * Reads a form of the type `application/x-www-form-urlencoded`: the field `answer`, once, and no other.
 * Nothing if it is anything else.
 */
export function readAnswerForm(text: string): Answer | undefined {
  const fields = [...new URLSearchParams(text)];
  return fields.length === 1
    ? AnswerForm.safeParse(Object.fromEntries(fields)).data?.answer
    : undefined;
}
