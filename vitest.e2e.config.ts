import { defineConfig } from "vitest/config";
import "./tests/setup/compile-cache.ts";
import "./tests/setup/temporary-files.ts";
import { LongestFirst } from "./tests/setup/longest-first.ts";

// A file starts web pages or a whole Convene of its own, or shares one, and looks at it with a browser: no more of them
// than a small machine bears.
export default defineConfig({
  test: {
    include: ["tests/e2e/**/*.test.ts"],
    globalSetup: ["tests/setup/template.ts", "tests/setup/web-build.ts", "tests/setup/shared-convene.ts"],
    setupFiles: ["tests/setup/each.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // A state that is waited for may take its time on a busy machine; the default is a second.
    expect: { poll: { timeout: 30_000 } },
    // In CI alone, which names what needed it: browsers and killed processes meet a busy machine in many ways.
    retry: Number(process.env["TEST_RETRIES"] ?? 0),
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3,
  },
});
