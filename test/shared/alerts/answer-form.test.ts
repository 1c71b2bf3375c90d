import { describe, expect, test } from "vitest";
import { readAnswerForm } from "../../../shared/alerts/answer-form.ts";

describe("readAnswerForm", () => {
  test.each(["waste", "expected", "planned", "wrong-data"])("reads %s", (answer) => {
    expect(readAnswerForm(`answer=${answer}`)).toBe(answer);
  });

  test("reads what is encoded as a browser may encode it", () => {
    expect(readAnswerForm("answer=wrong%2Ddata")).toBe("wrong-data");
  });

  test.each([
    "",
    "answer",
    "answer=",
    "answer=Planned",
    "answer=planned+",
    "answer=planned%00",
    "answer=%ff",
    "answer=planned&answer=waste",
    "answer=planned&answer=planned",
    "answer=planned&by=owner-shop",
    "answer=planned&__proto__=x",
    "__proto__=planned",
    "answer[]=planned",
    "other=planned",
    '{"answer":"planned"}',
  ])("takes nothing else for an answer: %s", (text) => {
    expect(readAnswerForm(text)).toBeUndefined();
  });
});
