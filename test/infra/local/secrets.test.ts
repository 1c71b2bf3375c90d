import { describe, expect, test } from "vitest";
import { RESOURCE_TYPES } from "../../../infra/local/resource-types.ts";
import { generatePassword } from "../../../infra/local/secrets.ts";

function password(rules: object): string {
  const { GenerateSecretString } = RESOURCE_TYPES["AWS::SecretsManager::Secret"].parse({
    GenerateSecretString: rules,
  });
  if (GenerateSecretString === undefined) {
    throw new Error("the rules are gone");
  }
  return generatePassword(GenerateSecretString);
}

describe("generatePassword", () => {
  test("has 32 characters, with each kind among them, unless told otherwise", () => {
    const generated = password({});

    expect(generated).toHaveLength(32);
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]) {
      expect(generated).toMatch(kind);
    }
  });

  test("leaves out what is excluded", () => {
    expect(
      password({ PasswordLength: 200, ExcludePunctuation: true, ExcludeCharacters: "aeiou0" }),
    ).toMatch(/^[b-df-hj-np-tv-zA-Z1-9]{200}$/);
  });

  test("differs each time", () => {
    expect(password({})).not.toBe(password({}));
  });

  test("is an error when nothing is left to choose from", () => {
    const nothing = {
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludeNumbers: true,
      ExcludePunctuation: true,
    };

    expect(() => password(nothing)).toThrow("excludes every character");
  });
});
