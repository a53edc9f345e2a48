import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, readSecrets } from "#local/data-folder.ts";
import { startPostgres } from "#local/postgres.ts";
import { createPrisma } from "#prisma/client.ts";
import { migrate } from "#prisma/migrate.ts";
import { isResetOpen } from "#records/accounts/password-resets.ts";

const program = join(import.meta.dirname, "..", "..", "local", "password-link.ts");

test("on a server that mails nothing an operator prints a link to a new password, while Convene runs", async () => {
  const data = mkdtempSync(join(tmpdir(), "convene-link-"));
  chmodSync(data, 0o755);
  const folder = dataFolder({ CONVENE_DATA: data });
  mkdirSync(folder.postgres);
  const { databasePassword: password } = readSecrets(folder);
  const run = (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: "", CONVENE_DATA: data, PUBLIC_URL: "https://notes.example.org" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  };
  expect(run("ada@example.com")).toMatchObject({ status: 1, stderr: expect.stringContaining("No Convene runs on") });

  const postgres = await startPostgres({ dataDir: folder.postgres, password, unsafe: true }, { log: () => {} });
  await migrate({ url: postgres.url });
  const { prisma, close } = createPrisma({ url: postgres.url });
  await prisma.user.create({ data: { id: crypto.randomUUID(), name: "Ada", email: "ada@example.com" } });
  const made = run("ada@example.com");
  const token = /^https:\/\/notes\.example\.org\/reset-password\/([\w-]+)$/.exec(made.stdout)?.[1] ?? made.stderr;
  expect(await isResetOpen(prisma, token)).toBe(true);
  expect(run("bob@example.com")).toEqual({ status: 1, stdout: "", stderr: "There is no account of bob@example.com." });
  expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining("npm run password-link") });

  await close();
  await postgres.stop();
  expect(run("ada@example.com")).toMatchObject({ status: 1, stderr: expect.stringContaining("No Convene runs on") });
  rmSync(data, { recursive: true });
});
