import { spawn } from "node:child_process";
import { once } from "node:events";
import { commandLine } from "#local/command-line.ts";

// Runs test files ten times beside two loops that keep two processors busy: what waits for the clock rather than for a
// state fails here first.
const times = 10;

const usage = "npm run steady -- tests/web/pages.test.ts …";
const files = commandLine(usage, { allowPositionals: true }).positionals;
if (files.length === 0) {
  console.error(`Give the test files: ${usage}`);
  process.exit(2);
}

const loops = Array.from({ length: 2 }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
const end = () => loops.forEach((loop) => loop.kill("SIGKILL"));
process.once("exit", end);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

let failed = 0;
for (let turn = 1; turn <= times; turn += 1) {
  const run = spawn("vitest", ["run", ...files], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(run, "exit")) as [number | null];
  if (code !== 0) failed += 1;
  console.log(`== ${turn} of ${times}: ${code === 0 ? "passed" : "FAILED"}`);
}
console.log(failed === 0 ? `passed ${times} times` : `failed ${failed} times of ${times}`);
process.exit(failed === 0 ? 0 : 1);
