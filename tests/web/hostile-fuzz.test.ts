import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "#tests/setup/database.ts";
import { hostileRequests } from "./hostile-requests.ts";
import { hostileWeb, signUpAt } from "./hostile-web.ts";
import { sendRaw } from "./raw-http.ts";

const db = await testDatabase();
// With its pages; behind a proxy, so that each request can come from an address of its own.
const web = await hostileWeb(db, { settings: { NODE_ENV: "production", TRUST_PROXY: "1" } });
afterAll(async () => {
  await web.stop();
  await db[Symbol.asyncDispose]();
});

const COUNT = 5_000;
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_127);
const AT_ONCE = 40;

test("5,000 hostile requests leave the process as it was, and none is answered 5xx", { timeout: 300_000 }, async () => {
  const person = await signUpAt(web.url);
  const { token } = z
    .object({ token: z.string() })
    .parse(await (await fetch(`${web.url}/api/auth/token`, { headers: person })).json());
  const form = new FormData();
  form.set("file", new Blob([Buffer.alloc(100)]), "a.wav");
  const made = await fetch(`${web.url}/api/recordings`, { method: "POST", headers: person, body: form });
  const { id } = z.object({ id: z.string() }).parse(await made.json());

  const requests = hostileRequests(
    { host: web.host, ...person, live: { token, meetingId: id } },
    { seed: SEED, count: COUNT },
  );
  const failures: unknown[] = [];
  const counts = { plain: 0, upgrade: 0, multipart: 0, answered: 0, accepted: 0 };
  const left = requests.values();
  const sendSome = async () => {
    for (const request of left) {
      const { status, text } = await sendRaw(web.url, request.parts.map(asBytes), {
        ending: request.ending,
        patienceMs: 400,
      });
      counts[request.kind] += 1;
      if ((status ?? 0) >= 500)
        failures.push([request.ending, request.parts.join("").slice(0, 700), text.slice(0, 60)]);
      if (status !== null) counts.answered += 1;
      if (status === 101) counts.accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome));

  expect(web.child.exitCode).toBe(null);
  expect(web.output().includes("an error that nothing caught")).toBe(false);
  expect(await web.health()).toEqual({ status: "ok" });
  expect(failures.slice(0, 10)).toEqual([]);
  // It was not all refused by the parser of heads.
  for (const kind of ["upgrade", "multipart"] as const) expect(counts[kind]).toBeGreaterThan(COUNT / 10);
  expect(counts.accepted).toBeGreaterThan(COUNT / 100);
  expect(counts.answered).toBeGreaterThan(COUNT / 3);
});

const asBytes = (part: string) => Buffer.from(part, "latin1");
