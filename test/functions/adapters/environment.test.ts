import { describe, expect, test } from "vitest";
import * as z from "zod";
import { environment } from "../../../functions/adapters/environment.ts";

const schema = z.object({ TABLE_NAME: z.string().min(1), LIMIT: z.coerce.number() });

describe("environment", () => {
  test("gives what the schema asks for, and nothing else", () => {
    expect(environment(schema, { TABLE_NAME: "ledger", LIMIT: "3", PATH: "/bin" })).toEqual({
      TABLE_NAME: "ledger",
      LIMIT: 3,
    });
  });

  test("names every variable that is missing, without the values of others", () => {
    expect(() => environment(schema, { SECRET: "canary" })).toThrow(/TABLE_NAME[\s\S]*LIMIT/);
    expect(() => environment(schema, { SECRET: "canary" })).not.toThrow(/canary/);
  });
});
