import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const programs = ["local/main.js", "local/demo.ts", "local/doctor.ts", "local/backup.ts", "local/restore.ts"];

test.each(programs)(
  "%s: --help says how to use it, an unknown option says so too, and neither does anything",
  (name) => {
    const cwd = mkdtempSync(join(tmpdir(), "convene-help-"));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, name), ...args], {
        cwd,
        encoding: "utf8",
        env: { ...process.env, CONVENE_DATA: join(cwd, "data") },
      });
    const helped = run("--help");
    expect([helped.status, helped.stderr]).toEqual([0, ""]);
    expect(helped.stdout).toMatch(/^npm (start|run \w+)/);

    const refused = run("--no-such-option");
    expect([refused.status, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("--no-such-option");
    expect(refused.stderr).toContain(helped.stdout.trim());
    expect(readdirSync(cwd)).toEqual([]);
  },
);
