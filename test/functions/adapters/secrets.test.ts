import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  SecretWithoutTextError,
  secretsIn,
  secretText,
} from "../../../functions/adapters/secrets.ts";

const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:pseudonyms";
const secretsManager = mockClient(SecretsManagerClient);
afterAll(() => secretsManager.restore());

function setup() {
  const clock = { nowMs: 0 };
  const read = secretText(new SecretsManagerClient({}), ARN, () => clock.nowMs);
  return { clock, read };
}

beforeEach(() => {
  secretsManager.reset();
});

describe("secretText", () => {
  test("asks for the secret by its ARN and answers its text", async () => {
    secretsManager.on(GetSecretValueCommand, { SecretId: ARN }).resolves({ SecretString: "k1" });

    expect(await setup().read()).toBe("k1");
  });

  test("reads again after five minutes, so that a rotated secret is in use by then", async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .resolvesOnce({ SecretString: "before" })
      .resolves({ SecretString: "after" });
    const { clock, read } = setup();

    const texts = [];
    for (const nowMs of [0, 299_999, 300_000]) {
      clock.nowMs = nowMs;
      texts.push(await read());
    }

    expect(texts).toEqual(["before", "before", "after"]);
  });

  test("calls at the same time share one request, so that a cold start is not throttled", async () => {
    secretsManager.on(GetSecretValueCommand).resolves({ SecretString: "k1" });
    const { read } = setup();

    expect(await Promise.all([read(), read(), read()])).toEqual(["k1", "k1", "k1"]);
    expect(secretsManager.calls()).toHaveLength(1);
  });

  test("a failure is not kept: the next call asks again", async () => {
    secretsManager
      .on(GetSecretValueCommand)
      .rejectsOnce(new Error("throttled"))
      .resolves({ SecretString: "k1" });
    const { read } = setup();

    await expect(read()).rejects.toThrow("throttled");
    expect(await read()).toBe("k1");
  });

  test.each([{}, { SecretString: "" }, { SecretString: " \n" }])(
    "%j is an error, because an empty key would sign for everyone",
    async (value) => {
      secretsManager.on(GetSecretValueCommand).resolves(value);

      await expect(setup().read()).rejects.toThrow(SecretWithoutTextError);
    },
  );
});

describe("secretsIn", () => {
  test("is one secret a line, without the line break that an editor leaves behind", () => {
    expect(secretsIn("before\r\nafter\n")).toEqual(["before", "after"]);
    expect(secretsIn("only one")).toEqual(["only one"]);
  });
});
