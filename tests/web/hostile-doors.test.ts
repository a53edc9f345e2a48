import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { signStream } from "#tests/fakes/stream.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { hostileJson, hostileTexts, uncleanText } from "./hostile.ts";
import { oneOfEverything } from "./hostile-setup.ts";
import { startWeb } from "./server.ts";

const encoded = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");

test("no header of a resumable upload makes it fail, and what it says of the file is kept clean", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { ada } = await oneOfEverything(web);
  const begin = async (headers: Record<string, string>) => {
    const usual = { "tus-resumable": "1.0.0", "upload-length": "4" };
    const answer = await fetch(`${web.url}/api/uploads`, {
      method: "POST",
      headers: { ...ada.headers, ...usual, ...headers },
    });
    return { status: answer.status, location: answer.headers.get("location") };
  };
  const finished: number[] = [];
  for (const [name, text] of Object.entries(hostileTexts)) {
    if (text.length > 10_000) continue;
    for (const field of ["filename", "title", "language", "speakers", "workspaceId", "duplicate", "__proto__"]) {
      const metadata = encoded({ filename: "a.wav", duplicate: "allow", [field]: text });
      const { status, location } = await begin({ "upload-metadata": metadata });
      expect([name, field, status < 500]).toEqual([name, field, true]);
      if (location === null || !["filename", "title"].includes(field)) continue;
      const { ok } = await fetch(web.url + location, {
        method: "PATCH",
        headers: {
          ...ada.headers,
          "tus-resumable": "1.0.0",
          "upload-offset": "0",
          "content-type": "application/offset+octet-stream",
        },
        body: randomBytes(4),
      });
      if (ok) finished.push(status);
    }
  }
  expect(finished.length).toBeGreaterThan(20);
  const odd: Record<string, string>[] = [
    { "upload-concat": "partial" },
    { "upload-concat": "final;/api/uploads/a /api/uploads/b" },
    { "upload-defer-length": "1" },
    { "upload-length": "-1" },
    { "upload-length": "1e3" },
    { "upload-length": "9".repeat(400) },
    { "upload-metadata": "filename" },
    { "upload-metadata": "filename !!!,filename YQ==" },
    { "upload-metadata": ",,, " },
    { "upload-metadata": `filename ${Buffer.from([0xed, 0xa0, 0x80, 0]).toString("base64")}` },
    { "tus-resumable": "9" },
    { "upload-offset": "x", "content-type": "@" },
    { "x-http-method-override": "PATCH" },
  ];
  const { location } = await begin({ "upload-metadata": encoded({ filename: "a.wav" }) });
  for (const headers of odd) {
    expect([headers, (await begin(headers)).status < 500]).toEqual([headers, true]);
    for (const method of ["PATCH", "HEAD"]) {
      const answer = await fetch(web.url + location, {
        method,
        headers: { ...ada.headers, "tus-resumable": "1.0.0", ...headers },
      });
      expect([method, headers, answer.status < 500]).toEqual([method, headers, true]);
    }
  }
  expect((await begin({ "upload-concat": "partial" })).status).toBe(400);
  expect(await uncleanText(db.prisma)).toEqual([]);
});

test("no field or file name of an uploaded form makes it fail, and what is kept is clean", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { ada } = await oneOfEverything(web);
  const send = async (body: BodyInit | undefined, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${web.url}/api/recordings?duplicate=allow`, {
      method: "POST",
      headers: { ...ada.headers, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    await answer.text();
    return answer.status;
  };
  for (const [name, text] of Object.entries(hostileTexts)) {
    for (const field of [
      "title",
      "language",
      "speakers",
      "workspaceId",
      "__proto__",
      "the file's name",
      text.slice(0, 50),
    ]) {
      const form = new FormData();
      if (field !== "the file's name") form.append(field, text);
      form.append("file", new Blob([randomBytes(4)]), field === "the file's name" ? text.slice(0, 5_000) : "a.wav");
      expect([name, field, (await send(form)) < 500]).toEqual([name, field, true]);
    }
  }
  const parts = { "content-type": 'multipart/form-data; boundary="x"' };
  const raw = (head: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\naaaa\r\n--x--\r\n`;
  const odd: [BodyInit | undefined, Record<string, string>][] = [
    [undefined, {}],
    ["{}", { "content-type": "application/json" }],
    ["x", { "content-type": "@" }],
    ["--x\r\n", { "content-type": "multipart/form-data" }],
    ["--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\naa", parts],
    [raw('name=file; filename="a\0\u001b\u009b.wav"'), parts],
    [raw("name=file; filename*=UTF-8''%00%ED%A0%80%"), parts],
    [raw('name="\0"'), parts],
    [raw(""), parts],
  ];
  for (const [body, headers] of odd) expect([body, (await send(body, headers)) < 500]).toEqual([body, true]);
  expect(await uncleanText(db.prisma)).toEqual([]);
});

test("no signed webhook makes the door fail; a type that would have to be cleaned is refused, an odd field passed over", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { STREAM_API_KEY: "key", STREAM_API_SECRET: "secret" } });
  const { meeting } = await oneOfEverything(web);
  const send = async (body: string) => {
    const headers = {
      "content-type": "application/json",
      "x-signature": signStream(body, "secret"),
      "x-webhook-id": "\u0085é",
    };
    return (await fetch(`${web.url}/api/webhook`, { method: "POST", headers, body })).status;
  };
  const event = {
    type: "call.session_participant_joined",
    call_cid: `default:${meeting.id}`,
    created_at: new Date().toISOString(),
    session_id: "s",
    call: { custom: { meetingId: meeting.id } },
    participant: { user_session_id: "u", user: { id: "u", name: "a\0\ud800" } },
  };
  expect(await send(JSON.stringify(event))).toBe(200);
  const places = JSON.stringify(event).matchAll(
    /"(type|call_cid|created_at|session_id|meetingId|user_session_id|id|custom)":("[^"]*"|\{[^}]*\})/g,
  );
  for (const [whole, field = ""] of places) {
    for (const [name, value] of Object.entries(hostileJson)) {
      const status = await send(JSON.stringify(event).replace(whole, () => `"${field}":${value}`));
      expect([field, name, status < 500]).toEqual([field, name, true]);
    }
  }
  expect(await send(JSON.stringify({ ...event, type: "call.\0" }))).toBe(400);
  expect(await send(JSON.stringify({ ...event, session_id: "\ud800" }))).toBe(200);
  expect(await uncleanText(db.prisma)).toEqual([]);
});
