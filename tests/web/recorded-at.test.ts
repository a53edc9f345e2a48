import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { upload } from "./requests.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { begin, send } from "./uploads/tus-requests.ts";

async function patch(web: TestWeb, person: TestPerson, path: string, change: object) {
  const headers = { ...person.headers, "content-type": "application/json" };
  const response = await fetch(`${web.url}${path}`, { method: "PATCH", headers, body: JSON.stringify(change) });
  return { status: response.status, body: (await response.json()) as object };
}

test("case 25: recordedAt is taken by form and by tus, answered, changed, and told by the export", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const get = async (path: string) => (await fetch(`${web.url}/api${path}`, { headers: person.headers })).text();
  const recordedAt = "2026-01-05T23:30:00-05:00";
  const { body } = await upload(web, person, randomBytes(1000), { recordedAt, timeZone: "America/New_York" });
  const detail = async () => JSON.parse(await get(`/recordings/${body.id}`)) as { recordedAt: string | null };
  expect(await detail()).toMatchObject({ recordedAt });
  expect(await get(`/recordings/${body.id}/export?format=txt`)).toContain("Recorded: 2026-01-05");

  const other = "2025-12-24T18:00:00+01:00";
  expect(await patch(web, person, `/api/recordings/${body.id}`, { recordedAt: other })).toMatchObject({
    status: 200,
    body: { id: body.id, recordedAt: other },
  });
  expect(await detail()).toMatchObject({ recordedAt: other });
  await patch(web, person, `/api/recordings/${body.id}`, { recordedAt: null, title: "Memo" });
  expect(await detail()).toMatchObject({ recordedAt: null, title: "Memo" });
  const text = await get(`/recordings/${body.id}/export?format=txt`);
  expect(text).toMatch(/Uploaded: \d{4}-\d\d-\d\d/);
  expect(text).not.toContain("Recorded:");

  const bytes = randomBytes(500);
  const begun = await begin(web, person, bytes.length, { recordedAt, timeZone: "Europe/Berlin" });
  await send(web, person, begun.headers.get("location") ?? "", 0, bytes);
  const row = await db.prisma.recording.findFirstOrThrow({ where: { sizeBytes: 500 } });
  expect(row).toMatchObject({ recordedAt: new Date(recordedAt), recordedOffset: -300, timeZone: "Europe/Berlin" });
});

test("a meeting's export tells when it was held and for how long, by the clock of who made it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const meeting = await addMeeting(db.prisma, person);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  const startedAt = new Date("2026-01-05T23:30:00Z");
  const endedAt = new Date("2026-01-06T00:10:00Z");
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { startedAt, endedAt } });
  const zone = await patch(web, person, "/api/calendar/preferences", { time_zone: "Europe/Berlin" });
  expect(zone.status).toBe(200);
  const asText = `${web.url}/api/recordings/${meeting.id}/export?format=txt`;
  const text = await (await fetch(asText, { headers: person.headers })).text();
  expect(text).toContain("\nHeld: 2026-01-06\nLength: 40:00\n");
});

test("a time that cannot be is refused at every door", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(100));
  for (const recordedAt of [
    "yesterday",
    "2026-01-05",
    "2026-01-05T10:00:00",
    "9999-01-01T00:00:00Z",
    5,
    "+".repeat(99),
  ]) {
    expect((await patch(web, person, `/api/recordings/${body.id}`, { recordedAt })).status).toBe(400);
    const form = await upload(web, person, randomBytes(100), { recordedAt: String(recordedAt) });
    expect(form.status).toBe(400);
  }
  expect((await patch(web, person, `/api/recordings/${body.id}`, {})).status).toBe(400);
  expect((await upload(web, person, randomBytes(100), { timeZone: "Mars/Olympus" })).status).toBe(400);
});

test("the page's form dates a recording, and a stranger's does not", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const person = await web.signUp();
  const stranger = await web.signUp();
  const { body } = await upload(web, person, randomBytes(100));
  const date = (by: TestPerson) =>
    fetch(`${web.url}/recordings/${body.id}.data`, {
      method: "POST",
      headers: { ...by.headers, origin: web.url },
      body: new URLSearchParams({ intent: "date", recordedAt: "2026-01-05T10:00:00+01:00" }),
    });
  expect((await date(stranger)).status).toBe(404);
  expect((await date(person)).status).toBe(200);
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id: body.id } });
  expect(row.recordedAt?.toISOString()).toBe("2026-01-05T09:00:00.000Z");
});

test("a misspelt field is refused by its name, and nothing of the rest is done", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(1000), { title: "Memo" });
  const answer = await patch(web, person, `/api/recordings/${body.id}`, { title: "Other", recorded_at: null });
  expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining("recorded_at") } });
  expect(await person.json(`/api/recordings/${body.id}`)).toMatchObject({ title: "Memo" });
});
