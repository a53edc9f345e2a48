import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { saveSpeechOffer, speechOffer } from "#records/speech-offer.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { languages, languagesOf } from "#web/components/uploads/languages.ts";
import { upload } from "./requests.ts";
import { startWeb } from "./server.ts";
import { begin, send } from "./uploads/tus-requests.ts";

test("case 22: a language that is left out, empty or auto is kept as not said, by form and by tus", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const kept = async (id: string) => {
    const answer = await fetch(`${web.url}/api/recordings/${id}`, { headers: person.headers });
    return ((await answer.json()) as { language: string | null }).language;
  };
  const unsaid: Record<string, string>[] = [{}, { language: "" }, { language: "auto" }];
  for (const fields of unsaid) {
    expect(await kept((await upload(web, person, randomBytes(100), fields)).body.id)).toBeNull();
    const bytes = randomBytes(200);
    const begun = await begin(web, person, bytes.length, fields);
    const sent = await send(web, person, begun.headers.get("location") ?? "", 0, bytes);
    expect(await kept(sent.headers.get("x-conversation-id") ?? "")).toBeNull();
  }
  expect(await kept((await upload(web, person, randomBytes(100), { language: "sv" })).body.id)).toBe("sv");
});

test("case 22: the pages offer what the worker's engine can do", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const person = await web.signUp();
  const offered = async () => (await fetch(`${web.url}/record`, { headers: person.headers })).text();
  // Before any worker has started, as the built-in one.
  expect(languagesOf(await speechOffer(db.prisma))).toEqual([
    { value: "", words: "Not sure" },
    { value: "en", words: "English" },
  ]);
  expect(await offered()).not.toContain("Swedish");
  await saveSpeechOffer(db.prisma, { engine: "whisper-1", languages: null, detects: true });
  const page = await offered();
  for (const words of ["Whatever is spoken", "Swedish", "Welsh", "Cantonese"]) expect(page).toContain(words);
  await saveSpeechOffer(db.prisma, { engine: "moonshine-tiny", languages: ["en"], detects: false });
  expect(await offered()).not.toContain("Swedish");
});

test("every language that Whisper knows has its name and its code once", () => {
  expect(languages).toHaveLength(100);
  expect(new Set(languages.map(({ value }) => value)).size).toBe(100);
  for (const { value, words } of languages) {
    expect(value).toMatch(/^[a-z]{2,3}$/);
    expect(words).toMatch(/^[A-Z][A-Za-z ]+$/);
  }
});
