import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, matchesGlob } from "node:path";
import { z } from "zod";
import { commandLine } from "#local/command-line.ts";
import config from "../vitest.config.ts";
import { nearTests } from "./near-tests.ts";

// `npm run test:changed`: the tests nearest to what git says has changed, for half a minute; `--all` runs each that
// loads any of it. Many activities are loaded by a hundred test files, most of which never call them.
const cwd = dirname(import.meta.dirname);
const usage = "npm run test:changed [-- --all]   --all: every file that loads any of the change";
const { values } = commandLine(usage, { options: { all: { type: "boolean", default: false } } });

const git = (...args: string[]) => execFileSync("git", args, { cwd, encoding: "utf8" }).split("\n").filter(Boolean);
const changed = [...git("diff", "--name-only", "HEAD"), ...git("ls-files", "--others", "--exclude-standard")];

const folders = "{activities,bench,domain,local,prisma,records,tests,tools,web,worker,workflows}";
const sources = new Map(
  globSync(`${folders}/**/*.{ts,tsx}`, { cwd }).map((path) => [path, readFileSync(`${cwd}/${path}`, "utf8")]),
);

const Results = z.object({
  projects: z.record(z.string(), z.object({ files: z.record(z.string(), z.object({ duration: z.number() })) })),
});
/** As Vitest notes them for itself; its form may change, and then nothing is known. */
const lastedMs = new Map(
  globSync("node_modules/.vite/vitest/*/results.json", { cwd }).flatMap((path) => {
    const { data } = Results.safeParse(JSON.parse(readFileSync(`${cwd}/${path}`, "utf8")));
    const files = Object.values(data?.projects ?? {}).flatMap(({ files }) => Object.entries(files));
    return files.map(([file, { duration }]) => [file, duration] as const);
  }),
);

const { include = [], exclude = [] } = config.test ?? {};
const matches = (path: string, patterns: string[]) => patterns.some((pattern) => matchesGlob(path, pattern));
const { taken, left } = nearTests({
  sources,
  changed,
  isTest: (path) => matches(path, include) && !matches(path, exclude),
  lasted: (path) => lastedMs.get(path),
  // Two at a time, and five seconds until the first begins.
  budgetMs: values.all ? Infinity : 45_000,
});
if (left.length > 0)
  console.log(`Not run, being further away or longer (--all runs them too):\n  ${left.join("\n  ")}`);
if (taken.length === 0) console.log("No test of npm test loads what has changed.");
else process.exit(spawnSync("vitest", ["run", ...taken], { cwd, stdio: "inherit" }).status ?? 1);
