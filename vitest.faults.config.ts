import { defineConfig } from "vitest/config";
import "./tests/setup/compile-cache.ts";
import "./tests/setup/temporary-files.ts";
import { LongestFirst } from "./tests/setup/longest-first.ts";

// Processes are killed here and load would change what is measured, so one file at a time; the short form measures
// nothing and mostly waits.
const isShort = process.env["FAULTS"] === "short";

export default defineConfig({
  test: {
    include: ["tests/faults/**/*.test.ts"],
    // The year's time is scaled, so that it must have the machine to itself; the cluster may have to be built.
    exclude: isShort ? ["tests/faults/year.test.ts", "tests/faults/cluster.test.ts"] : [],
    // For those that strike nothing; the others start a Convene of their own.
    globalSetup: ["tests/setup/global.ts", "tests/setup/web-build.ts"],
    setupFiles: ["tests/setup/each.ts"],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // A state that is waited for may take its time on a busy machine; the default is a second.
    expect: { poll: { timeout: 30_000 } },
    // In CI alone, which names what needed it: browsers and killed processes meet a busy machine in many ways.
    retry: Number(process.env["TEST_RETRIES"] ?? 0),
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    maxWorkers: isShort ? 3 : 1,
  },
});
