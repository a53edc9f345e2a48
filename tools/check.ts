import { spawnSync } from "node:child_process";
import { dirname } from "node:path";

const cwd = dirname(import.meta.dirname);

/** Each check's command; the lockfile check is the one that says what is wrong on its output and not by its code. */
const checks: { name: string; command: string; args: string[]; isQuiet?: boolean }[] = [
  { name: "route types", command: "react-router", args: ["typegen"] },
  { name: "types", command: "tsc", args: ["--noEmit"] },
  { name: "lint", command: "oxlint", args: ["--deny-warnings"] },
  { name: "format", command: "oxfmt", args: ["--check"] },
  { name: "dead code", command: "knip", args: [] },
  {
    name: "only tested",
    command: "knip",
    args: ["--production", "--config", "knip.production.json", "--include", "files,exports"],
  },
  {
    name: "lockfile",
    command: "node",
    args: ["tools/lockfile-missing.cjs", `${cwd}/package-lock.json`],
    isQuiet: true,
  },
];

let failed = 0;
for (const { name, command, args, isQuiet } of checks) {
  const startedAt = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64e6 });
  const isGood = status === 0 && !(isQuiet && stdout.trim());
  if (!isGood) {
    failed += 1;
    console.log(stdout, stderr);
  }
  console.log(`${isGood ? "ok  " : "FAIL"} ${name.padEnd(12)} ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
process.exit(failed === 0 ? 0 : 1);
