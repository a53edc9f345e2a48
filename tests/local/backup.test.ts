import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, test } from "vitest";
import { backUp } from "#local/backup.ts";
import { dataFolder, lockDataFolder, readSecrets } from "#local/data-folder.ts";
import { startPostgres } from "#local/postgres.ts";
import { restore } from "#local/restore.ts";

const silent = { log: () => {} };

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

test("a backup put back has the rows, the workflows, the media and the secrets", async () => {
  const home = mkdtempSync(join(tmpdir(), "convene-backup-"));
  chmodSync(home, 0o755);
  const folder = dataFolder({ CONVENE_DATA: join(home, "data") });
  const archive = join(home, "backup.tar.gz");
  const other = dataFolder({ CONVENE_DATA: join(home, "other") });

  const lock = lockDataFolder(folder);
  const secrets = readSecrets(folder);
  const options = { password: secrets.databasePassword, unsafe: true };
  const postgres = await startPostgres({ dataDir: folder.postgres, ...options }, silent);
  await query(postgres.url, "CREATE TABLE kept AS SELECT 'a row' AS content");
  mkdirSync(folder.media);
  writeFileSync(join(folder.media, "voice.wav"), "sound");
  writeFileSync(folder.temporal, "workflows");
  expect(() => backUp({ folder, archive })).toThrow("Another Convene");
  await postgres.stop();
  lock.release();
  chmodSync(join(folder.media, "voice.wav"), 0o644);
  writeFileSync(archive, "an earlier backup", { mode: 0o644 });
  backUp({ folder, archive });
  expect(statSync(archive).mode & 0o777).toBe(0o600);
  expect(readdirSync(home).toSorted()).toEqual(["backup.tar.gz", "data"]);
  expect(() => backUp({ folder, archive: home })).toThrow("is not a file");

  restore({ folder: other, archive, force: false });
  expect(readSecrets(other)).toEqual(secrets);
  expect(readFileSync(join(other.media, "voice.wav"), "utf8")).toBe("sound");
  expect(readFileSync(other.temporal, "utf8")).toBe("workflows");
  expect(statSync(join(other.media, "voice.wav")).mode & 0o777).toBe(0o600);
  expect(statSync(other.media).mode & 0o777).toBe(0o700);
  const restored = await startPostgres({ dataDir: other.postgres, ...options }, silent);
  expect(await query(restored.url, "SELECT content FROM kept")).toEqual([{ content: "a row" }]);
  await restored.stop();

  writeFileSync(join(other.media, "later.wav"), "sound");
  expect(() => restore({ folder: other, archive, force: false })).toThrow("is not empty");
  restore({ folder: other, archive, force: true });
  expect(existsSync(join(other.media, "later.wav"))).toBe(false);
  rmSync(home, { recursive: true });
});
