import { defineConfig } from "vitest/config";
import "./tests/setup/compile-cache.ts";
import "./tests/setup/temporary-files.ts";
import { LongestFirst } from "./tests/setup/longest-first.ts";

const shortTiming = new URL("./tests/setup/short-timing.ts", import.meta.url).pathname;

export default defineConfig({
  resolve: { alias: { "#domain/timing.ts": shortTiming } },
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/e2e/**", "tests/faults/**", "tests/weak-points/naive*.test.ts"],
    globalSetup: ["tests/setup/global.ts", "tests/setup/web-build.ts"],
    setupFiles: ["tests/setup/each.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A state that is waited for may take its time on a busy machine; the default is a second.
    expect: { poll: { timeout: 30_000, interval: 150 } },
    // In CI alone, which names what needed it: such a test is mended, but holds up nobody meanwhile.
    retry: Number(process.env["TEST_RETRIES"] ?? 0),
    pool: "forks",
    // Files follow each other in one process: loading everything anew for each took a fifth of the run.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3,
  },
});
