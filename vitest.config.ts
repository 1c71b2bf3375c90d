import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    silent: "passed-only",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/{shared,functions,soak,bench}/**/*.test.ts"],
          // Not one of them waits for anything: only a busy machine makes a test take seconds.
          testTimeout: 60_000,
          // A process for each of some hundred files would take three times as long. Mocks are undone
          // after every test, and nothing else is shared.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "infra",
          include: ["test/infra/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: ["test/end-to-end/**/*.test.ts"],
          globalSetup: "test/end-to-end/assembly.setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
