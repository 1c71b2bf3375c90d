import { vi } from "vitest";

/** Collects what is logged in a test; vitest restores the console after it. */
export function capturedLog(): readonly unknown[] {
  const lines: unknown[] = [];
  for (const level of ["info", "warn", "error", "log"] as const) {
    vi.spyOn(console, level).mockImplementation((...values) => {
      lines.push(...values);
    });
  }
  return lines;
}
