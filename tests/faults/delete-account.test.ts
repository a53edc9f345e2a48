import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";

const isShort = process.env["FAULTS"] === "short";
const count = isShort ? 300 : 10_000;
const password = "only-for-fault-tests";
/** What is killed once less than this share is left. Each costs the half minute for which a dead worker's order is its own. */
const strikes = (
  [
    [0.9, "temporal"],
    [0.7, "worker"],
    [0.5, "postgres"],
    [0.3, "worker"],
  ] as const
).slice(isShort ? 1 : 0, isShort ? 3 : 4);
const patience = { timeout: isShort ? 120_000 : 900_000, interval: 100 };

/** Somebody new, by the address that they sign up with. */
async function signUp({ url }: Convene, email: string) {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password, name: "Bo" }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers.getSetCookie().map((each) => each.split(";")[0]);
  return { cookie: cookie.join("; "), origin: url };
}

async function upload({ url }: Convene, headers: Record<string, string>): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([await readFile(new URL("../fixtures/two-cities.wav", import.meta.url))]), "talk.wav");
  const response = await fetch(`${url}/api/recordings`, { method: "POST", headers, body: form });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

/** So many recordings of years, all done. */
async function addMany(convene: Convene, email: string): Promise<void> {
  await convene.rows(
    `WITH owner AS (
       SELECT "user".id, workspace.id AS workspace FROM "user" JOIN workspace ON personal_of_id = "user".id
       WHERE email = $1
     ), talk AS (
       INSERT INTO conversation (id, kind, title, owner_id, workspace_id, updated_at)
       SELECT gen_random_uuid(), 'recording', 'An old talk', id, workspace, now() FROM owner, generate_series(1, $2::int)
       RETURNING id, workspace_id
     )
     INSERT INTO recording (id, workspace_id, file_name, media_key, sha256, size_bytes)
     SELECT id, workspace_id, 'talk.wav', 'recordings/' || id || '/original', md5(id::text) || md5(id::text), 1000 FROM talk`,
    [email, count],
  );
  await convene.rows(
    `INSERT INTO run (id, kind, title, conversation_id, owner_id, workspace_id, workflow_id, status, stage, percent, updated_at)
     SELECT gen_random_uuid(), 'recording', title, id, owner_id, workspace_id, 'recording:' || id, 'completed', 'done', 100, now()
     FROM conversation WHERE title = 'An old talk'`,
  );
}

test("an account goes with all that is its own, whatever is killed on the way, and nothing of others does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "convene-media-"));
  await using convene = await startConvene({ env: { MEDIA_DIR: folder } });
  const email = "bo@example.com";
  const bo = await signUp(convene, email);
  const kept = await upload(convene, convene.headers);
  const gone = await upload(convene, bo);
  expect(await convene.finished(kept)).toMatchObject({ status: "completed" });
  await addMany(convene, email);
  const left = async () => {
    const rows = await convene
      .rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM conversation WHERE workspace_id IN
           (SELECT id FROM workspace WHERE personal_of_id = (SELECT id FROM "user" WHERE email = $1))`,
        [email],
      )
      .catch(() => null);
    return rows?.[0]?.n ?? null;
  };
  expect(await left()).toBe(count + 1);

  const asked = await fetch(`${convene.url}/api/account`, {
    method: "DELETE",
    headers: { ...bo, "content-type": "application/json" },
    body: JSON.stringify({ password }),
  });
  expect(asked.status).toBe(202);
  const struck: number[] = [];
  for (const [share, part] of strikes) {
    await expect.poll(async () => (await left()) ?? Infinity, patience).toBeLessThan(count * share);
    struck.push((await left()) ?? 1);
    convene.kill(part);
  }
  // Else it was struck too late to show anything.
  expect(Math.min(...struck)).toBeGreaterThan(0);

  const accounts = () =>
    convene.rows<{ email: string }>(`SELECT email FROM "user"`).then(
      (rows) => rows.map((row) => row.email),
      () => [],
    );
  await expect.poll(accounts, patience).toEqual(["faults@example.com"]);
  const [rows] = await convene.rows<{ conversations: string[]; dead: number }>(
    `SELECT (SELECT array_agg(id) FROM conversation) AS conversations,
            (SELECT count(*)::int FROM outbox WHERE state = 'dead') AS dead`,
  );
  expect(rows).toEqual({ conversations: [kept], dead: 0 });
  const files = async () => (await readdir(folder, { recursive: true })).join("\n");
  await expect.poll(files, patience).not.toContain(gone);
  expect(await files()).toContain(kept);
  expect((await convene.recording(kept)).summary?.bullets.length).toBeGreaterThan(0);
  // Who is gone is known to nobody.
  expect((await fetch(`${convene.url}/api/recordings`, { headers: bo })).status).toBe(401);
  await rm(folder, { recursive: true, force: true });
});
