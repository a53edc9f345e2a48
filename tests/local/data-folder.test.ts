import { spawnSync } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, livingHolder, lockDataFolder, readSecrets } from "#local/data-folder.ts";
import { sealVariables } from "#records/seal.ts";
import { startTimeOf } from "#local/processes.ts";

const freshFolder = () => dataFolder({ CONVENE_DATA: mkdtempSync(join(tmpdir(), "convene-data-")) });

test("a data folder serves one Convene at a time", () => {
  const folder = freshFolder();
  const lock = lockDataFolder(folder);
  expect(livingHolder(folder)).toBe(process.pid);
  expect(() => lockDataFolder(folder)).toThrow(/Another Convene \(pid \d+\) uses .* CONVENE_DATA/);
  lock.release();
  lockDataFolder(folder).release();
});

test("the claim of a dead process is taken over, also when its pid lives again in another", () => {
  const folder = freshFolder();
  const { pid } = spawnSync("true");
  writeFileSync(folder.lock, JSON.stringify({ pid, startedAt: "12345" }));
  lockDataFolder(folder).release();
  writeFileSync(folder.lock, JSON.stringify({ pid: process.pid, startedAt: `${startTimeOf(process.pid)}0` }));
  lockDataFolder(folder).release();
  writeFileSync(folder.lock, '{"pid":');
  const lock = lockDataFolder(folder);
  expect(livingHolder(folder)).toBe(process.pid);
  lock.release();
});

test("a folder of an earlier release keeps its secrets and is given those that it lacks", () => {
  const folder = freshFolder();
  const earlier = { secret: "s".repeat(43), databasePassword: "p" };
  writeFileSync(folder.secrets, JSON.stringify(earlier), { mode: 0o600 });
  const secrets = readSecrets(folder);
  expect(secrets).toMatchObject(earlier);
  expect(sealVariables.SEAL_KEYS.safeParse(secrets.sealKeys).success).toBe(true);
  expect(readSecrets(folder)).toEqual(secrets);
});

test("secrets are made once and readable by their owner only", () => {
  const folder = freshFolder();
  const secrets = readSecrets(folder);
  expect(secrets.secret.length).toBeGreaterThanOrEqual(32);
  expect(readSecrets(folder)).toEqual(secrets);
  expect(sealVariables.SEAL_KEYS.safeParse(secrets.sealKeys).success).toBe(true);
  expect(statSync(folder.secrets).mode & 0o777).toBe(0o600);
});
