import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { worker } from "./recording-run.ts";
import { post, upload } from "./requests.ts";
import { startWeb } from "./server.ts";

test("case 23: API and page order a transcript anew once the run has ended", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(500), { speakers: "3" });
  const again = (json: object) => post(web, person, `/api/recordings/${body.id}/transcribe`, { json });
  expect((await again({})).status).toBe(409);
  const { move } = worker(db, body.id);
  await move({ type: "failed", error: { code: "language_unsupported", message: "No", stage: "upload", attempt: 1 } });
  for (const json of [{ language: "?" }, { speakers: 0 }, { speakers: "many" }, { language: 5 }]) {
    expect((await again(json)).status).toBe(400);
  }
  expect(await again({ language: "en" })).toMatchObject({
    status: 202,
    body: { status: "pending", stage: "transcode", attempt: 2 },
  });
  const row = () => db.prisma.recording.findUniqueOrThrow({ where: { id: body.id }, include: { conversation: true } });
  expect(await row()).toMatchObject({ speakerCount: 3, conversation: { language: "en" } });

  await move({ type: "cancelled" });
  const sent = await fetch(`${web.url}/recordings/${body.id}.data`, {
    method: "POST",
    headers: person.headers,
    body: new URLSearchParams({ intent: "transcribe", language: "", speakers: "" }),
  });
  expect(sent.status).toBe(200);
  expect(await row()).toMatchObject({ speakerCount: null, conversation: { language: null } });
  expect(await db.prisma.run.findFirst({ where: { conversationId: body.id } })).toMatchObject({ attempt: 3 });
  expect(await db.prisma.outbox.count({ where: { kind: "run.start" } })).toBe(3);
});
