const LEVELS = ["info", "warn", "error", "log"] as const;

/** Takes what is logged in place of the console, until it is restored. */
export function recordedConsole() {
  const original = LEVELS.map((level) => [level, console[level]] as const);
  let lines: string[] = [];
  for (const level of LEVELS) {
    console[level] = (...values: unknown[]) => {
      lines.push(values.map((value) => JSON.stringify(value)).join(" "));
    };
  }
  return {
    /** The lines since it was asked last. */
    take: (): string => {
      const text = lines.join("\n");
      lines = [];
      return text;
    },
    restore: (): void => {
      for (const [level, write] of original) {
        console[level] = write;
      }
    },
  };
}
