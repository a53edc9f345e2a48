import { defineConfig } from "vitest/config";
import "./tests/setup/compile-cache.ts";
import "./tests/setup/temporary-files.ts";

// What the weak points' scenarios say of the reference design: a proof that they can fail, made once and kept in
// `bench/naive/weak-points.txt`; to be made again when a scenario changes.
export default defineConfig({
  test: {
    include: ["tests/weak-points/naive*.test.ts"],
    globalSetup: ["tests/setup/global.ts"],
    setupFiles: ["tests/setup/each.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
