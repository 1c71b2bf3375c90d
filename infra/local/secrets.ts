import { randomInt, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { AwsCall } from "./aws-call.ts";
import type { LocalService } from "./gateway.ts";
import { objectOf, textOf } from "./json.ts";
import type { Properties } from "./resource-types.ts";
import type { Stack } from "./stack.ts";
import { writeFileWhole } from "./state-folder.ts";
import { json, wireError } from "./wire-errors.ts";

type SecretProperties = Properties<"AWS::SecretsManager::Secret">;
type Generator = NonNullable<SecretProperties["GenerateSecretString"]>;

const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const StoredSecrets = z.record(z.string(), z.string());

/**
 * Secrets Manager: GetSecretValue and PutSecretValue. Values are made up at the first boot, as the
 * template asks, and kept in `<state>/secrets.json`, readable by its owner only.
 *
 * @param others Texts of secrets that are not the stack's, by ARN.
 */
export function secretsService(
  stack: Stack,
  statePath: string,
  others: Readonly<Record<string, string>> = {},
): LocalService {
  const file = join(statePath, "secrets.json");
  const values: Record<string, string> = existsSync(file)
    ? StoredSecrets.parse(JSON.parse(readFileSync(file, "utf8")))
    : {};
  const save = () => writeFileWhole(file, JSON.stringify(values, undefined, 2), 0o600);
  const secrets = stack.resources("AWS::SecretsManager::Secret").map((secret) => {
    const arn = stack.arn(secret.logicalId);
    values[secret.logicalId] ??= initialValue(secret.properties);
    return { arn, name: stack.physicalName(secret.logicalId), logicalId: secret.logicalId };
  });
  if (secrets.length > 0) {
    save();
  }
  return async (call: AwsCall) => {
    const id = textOf(call.input["SecretId"]);
    const other = id !== undefined && Object.hasOwn(others, id) ? others[id] : undefined;
    if (other !== undefined && call.operation === "GetSecretValue") {
      return json(200, { ARN: id, SecretString: other, VersionStages: ["AWSCURRENT"] });
    }
    const secret = secrets.find(({ arn, name }) => id === arn || id === name);
    if (secret === undefined) {
      return wireError(
        "secretsmanager",
        400,
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
      );
    }
    const common = { ARN: secret.arn, Name: secret.name, VersionId: randomUUID() };
    switch (call.operation) {
      case "GetSecretValue":
        return json(200, {
          ...common,
          SecretString: values[secret.logicalId],
          VersionStages: ["AWSCURRENT"],
        });
      case "PutSecretValue":
        values[secret.logicalId] = textOf(call.input["SecretString"]) ?? "";
        save();
        return json(200, { ...common, VersionStages: ["AWSCURRENT"] });
      default:
        return json(501, { message: `${call.operation} is not emulated locally` });
    }
  };
}

function initialValue({ SecretString, GenerateSecretString }: SecretProperties): string {
  if (GenerateSecretString === undefined) {
    return SecretString ?? "";
  }
  const password = generatePassword(GenerateSecretString);
  const { SecretStringTemplate, GenerateStringKey } = GenerateSecretString;
  return SecretStringTemplate === undefined || GenerateStringKey === undefined
    ? password
    : JSON.stringify({
        ...objectOf(JSON.parse(SecretStringTemplate)),
        [GenerateStringKey]: password,
      });
}

/** A random password by the rules of `GetRandomPassword`. */
export function generatePassword(rules: Generator): string {
  const included = [
    rules.ExcludeLowercase ? "" : "abcdefghijklmnopqrstuvwxyz",
    rules.ExcludeUppercase ? "" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    rules.ExcludeNumbers ? "" : "0123456789",
    rules.ExcludePunctuation ? "" : PUNCTUATION,
    rules.IncludeSpace ? " " : "",
  ];
  const kinds = included
    .map((kind) => [...kind].filter((character) => !rules.ExcludeCharacters.includes(character)))
    .filter((kind) => kind.length > 0);
  const all = kinds.flat();
  const characters = Array.from({ length: rules.PasswordLength }, (_, index) =>
    pick((rules.RequireEachIncludedType ? kinds[index] : undefined) ?? all),
  );
  // The required kinds stand first; a shuffle (Fisher-Yates) hides where.
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? "", characters[index] ?? ""];
  }
  return characters.join("");
}

function pick(characters: readonly string[]): string {
  const character = characters[characters.length === 0 ? 0 : randomInt(characters.length)];
  if (character === undefined) {
    throw new Error("GenerateSecretString excludes every character");
  }
  return character;
}
