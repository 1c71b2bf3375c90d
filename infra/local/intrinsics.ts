import { isObject } from "./json.ts";

/** What names in a template stand for. `undefined` is `AWS::NoValue`. */
export type References = {
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
};

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, resolve: Resolve, references: References) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, _resolve, { ref }) => ref(text(argument)),
  "Fn::GetAtt": (argument, _resolve, references) => getAttribute(argument, references),
  "Fn::Join": (argument, resolve) => {
    const [separator, parts] = list(argument);
    return list(resolve(parts)).map(text).join(text(separator));
  },
  "Fn::Sub": substitute,
  "Fn::Select": (argument, resolve) => {
    const [index, values] = list(argument);
    return list(resolve(values))[Number(resolve(index))];
  },
  "Fn::Split": (argument, resolve) => {
    const [separator, value] = list(argument);
    return text(resolve(value)).split(text(separator));
  },
  "Fn::Base64": (argument, resolve) => Buffer.from(text(resolve(argument))).toString("base64"),
};

/**
 * Replaces the intrinsic functions of CloudFormation in a template value.
 *
 * @throws {Error} on an intrinsic that is not known here: guessing would run another stack than
 *   the one that deploys.
 */
export function resolveIntrinsics(value: unknown, references: References): unknown {
  const resolve: Resolve = (inner) => resolveIntrinsics(inner, references);
  if (Array.isArray(value)) {
    return value.map(resolve).filter((item) => item !== undefined);
  }
  if (!isObject(value)) {
    return value;
  }
  const keys = Object.keys(value);
  const [key = ""] = keys;
  if (keys.length === 1 && (key === "Ref" || key.startsWith("Fn::"))) {
    const intrinsic = INTRINSICS[key];
    if (intrinsic === undefined) {
      throw new Error(`intrinsic function ${key} is not emulated locally`);
    }
    return intrinsic(value[key], resolve, references);
  }
  return Object.fromEntries(
    keys.map((name) => [name, resolve(value[name])]).filter(([, item]) => item !== undefined),
  );
}

function getAttribute(argument: unknown, { attribute }: References): unknown {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    return attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  const [logicalId, name] = list(argument);
  return attribute(text(logicalId), text(name));
}

function substitute(argument: unknown, resolve: Resolve, references: References): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const given = isObject(variables) ? variables : {};
  return text(template).replaceAll(
    /\$\{(!?)([^}]+)\}/g,
    (_match, literal: string, name: string) => {
      if (literal === "!") {
        return `\${${name}}`;
      }
      if (name in given) {
        return text(resolve(given[name]));
      }
      return text(name.includes(".") ? getAttribute(name, references) : references.ref(name));
    },
  );
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new Error(`an intrinsic function expected a list, got: ${JSON.stringify(value)}`);
  }
  return value;
}

function text(value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  throw new Error(`an intrinsic function expected a string, got: ${JSON.stringify(value)}`);
}
