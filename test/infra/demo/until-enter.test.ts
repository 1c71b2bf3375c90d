import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { untilEnter } from "../../../infra/demo/until-enter.ts";

test("waits for a line", async () => {
  const input = new PassThrough();
  let isOver = false;
  const waiting = untilEnter(input).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);

  input.write("\n");

  await waiting;
  expect(input.isPaused()).toBe(true);
});

test("an input that ends, as of a program without a person, is not waited for", async () => {
  const input = new PassThrough();
  input.end();

  await expect(untilEnter(input)).resolves.toBeUndefined();
});
