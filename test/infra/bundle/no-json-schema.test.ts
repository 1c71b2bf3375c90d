import { describe, expect, test } from "vitest";
import { refusingModule } from "../../../infra/bundle/no-json-schema.ts";

async function stoodIn<Module>(source: string): Promise<Module> {
  return await import(`data:text/javascript,${encodeURIComponent(refusingModule(source))}`);
}

describe("refusingModule", () => {
  test("has the names of the module it stands in for, and says so when one is called", async () => {
    const { toJSONSchema, process } = await stoodIn<Record<"toJSONSchema" | "process", () => void>>(
      "export const toJSONSchema = (x) => x;\nexport function process(schema) {}\nconst own = 1;",
    );

    expect(toJSONSchema).toThrow("no-json-schema");
    expect(process).toThrow("no-json-schema");
  });

  test("what only prepares it, as every schema does when it is made, still works", async () => {
    const { createToJSONSchemaMethod } = await stoodIn<{
      createToJSONSchemaMethod: () => () => void;
    }>("export const createToJSONSchemaMethod = (schema) => () => schema;");

    expect(createToJSONSchemaMethod()).toThrow("no-json-schema");
  });
});
