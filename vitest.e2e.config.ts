import { defineConfig } from "vitest/config";

// Each file starts a Convene of its own and looks at it with a browser, so one at a time.
export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.test.ts"],
    setupFiles: ["tests/setup/each.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: "forks",
    fileParallelism: false,
  },
});
