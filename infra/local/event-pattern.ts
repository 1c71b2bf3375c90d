import { isObject, listOf } from "./json.ts";

type Matches = (value: unknown) => boolean;

/**
 * Compiles a content filter, as event source mappings and SNS filter policies have them: nested
 * objects whose leaves are lists of rules, of which one has to hold.
 *
 * @throws {Error} on a rule that is not known here.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function compilePattern(pattern: unknown): Matches {
  if (!isObject(pattern)) {
    throw new Error(`a filter pattern must be an object, got: ${JSON.stringify(pattern)}`);
  }
  const members = Object.entries(pattern).map(([key, rule]): Matches => {
    if (key === "$or") {
      const alternatives = listOf(rule).map(compilePattern);
      return (value) => alternatives.some((matches) => matches(value));
    }
    const matches = Array.isArray(rule) ? anyRule(rule) : compilePattern(rule);
    return (value) => matches(isObject(value) ? value[key] : undefined);
  });
  return (value) => members.every((matches) => matches(value));
}

function anyRule(rules: readonly unknown[]): Matches {
  const compiled = rules.map(compileRule);
  return (value) => {
    // A rule holds for a list if it holds for one of its elements.
    const candidates = Array.isArray(value) ? value : [value];
    return compiled.some((matches) => candidates.some(matches));
  };
}

function compileRule(rule: unknown): Matches {
  if (!isObject(rule)) {
    return (value) => value === rule;
  }
  const [[name, operand] = ["", undefined], ...others] = Object.entries(rule);
  if (others.length > 0) {
    throw unknownRule(rule);
  }
  switch (name) {
    case "exists":
      return (value) => (value !== undefined) === operand;
    case "prefix":
      return (value) => typeof value === "string" && value.startsWith(String(operand));
    case "suffix":
      return (value) => typeof value === "string" && value.endsWith(String(operand));
    case "equals-ignore-case":
      return (value) =>
        typeof value === "string" && value.toLowerCase() === String(operand).toLowerCase();
    case "anything-but": {
      const excluded = anyRule([operand].flat());
      return (value) => value !== undefined && !excluded(value);
    }
    case "numeric":
      return compileNumeric(listOf(operand));
    default:
      throw unknownRule(rule);
  }
}

function compileNumeric(comparisons: readonly unknown[]): Matches {
  const tests = Array.from({ length: comparisons.length / 2 }, (_, index) => {
    const operator = comparisons[2 * index];
    const bound = Number(comparisons[2 * index + 1]);
    switch (operator) {
      case "=":
        return (value: number) => value === bound;
      case "<":
        return (value: number) => value < bound;
      case "<=":
        return (value: number) => value <= bound;
      case ">":
        return (value: number) => value > bound;
      case ">=":
        return (value: number) => value >= bound;
      default:
        throw unknownRule({ numeric: comparisons });
    }
  });
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function unknownRule(rule: unknown): Error {
  return new Error(`filter rule ${JSON.stringify(rule)} is not emulated locally`);
}
