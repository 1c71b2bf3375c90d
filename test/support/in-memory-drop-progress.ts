import type { DropProgressStore } from "../../shared/ports/drop-progress-store.ts";

export function inMemoryDropProgress(): DropProgressStore & {
  readonly lines: () => readonly number[];
} {
  const stored = new Map<string, number>();
  return {
    lines: () => [...stored.values()],
    read: async (file) => stored.get(file) ?? 0,
    write: async (file, line) => {
      stored.set(file, line);
    },
  };
}
