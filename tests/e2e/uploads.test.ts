import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunEvent } from "#domain/run.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { cookiesOf, visit } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const sample = join(import.meta.dirname, "../fixtures/sample-recording.mp3");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

const sound = (name: string) => ({ name, mimeType: "audio/mpeg", buffer: Buffer.from(`the sound of ${name}`) });

test("the first upload of a new account opens as soon as it has arrived; of several all stand in the list", async () => {
  const grace = await pages.signUp("grace@example.com");
  const { page, context } = await visit(pages.browser, { url: pages.url });
  await context.addCookies(cookiesOf(grace.cookie, pages.url));
  const upload = async (...files: string[]) => {
    await page.goto("/recordings/new");
    await page.getByLabel("Drop recordings here, or choose them").setInputFiles(files.map(sound));
    await page.getByRole("button", { name: /^Upload \d/ }).click();
  };
  await upload("first.mp3");
  await page.getByRole("heading", { name: "first", level: 1 }).waitFor();

  await upload("second.mp3", "third.mp3");
  const list = page.getByRole("list", { name: "Recordings" });
  for (const title of ["second", "third", "first"])
    await list.getByRole("link", { name: title, exact: true }).waitFor();
  expect(await page.getByRole("button", { name: /^Show/ }).count()).toBe(0);
  await context.close();
});

test("who has begun to search is not taken away by a file that arrives", async () => {
  const { page, context } = await pages.visitAsOwner("/recordings/new");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await context.route("**/api/uploads/*", (route) => held.then(() => route.continue()));
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles(sound("slow.mp3"));
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await page.waitForURL("**/recordings");
  await page.getByRole("heading", { name: "Recordings" }).click();
  letGo();
  await page.getByRole("list", { name: "Recordings" }).getByRole("link", { name: "slow" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/recordings");
  await context.close();
});

test("an upload pauses, goes on while people browse, and after a reload continues with the same file", async () => {
  const { page, context } = await pages.visitAsOwner();
  const tray = page.getByRole("region", { name: "Uploads" });
  const choose = () => page.getByLabel(/Drop recordings here|Add more files/).setInputFiles(sample);

  // Bytes that never get through: the upload is begun, and stands.
  await context.route("**/api/uploads/*", (route) =>
    route.request().method() === "PATCH" ? undefined : route.continue(),
  );
  await page.goto("/recordings/new");
  await choose();
  const begun = page.waitForRequest((request) => request.method() === "PATCH");
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await begun;
  await tray.getByRole("button", { name: "Pause sample-recording.mp3" }).click();
  await tray.getByText(/^Paused at/).waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  expect(await tray.getByText(/^Paused at/).count()).toBe(1);

  await page.goto("/recordings/new");
  await page.getByText("Not finished yet").waitFor();
  await context.unroute("**/api/uploads/*");
  await choose();
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await page.getByRole("heading", { name: "sample-recording", level: 1 }).waitFor();
  const mine = { where: { fileName: "sample-recording.mp3" } };
  expect(await pages.deps.prisma.upload.count(mine)).toBe(1);
  await page.goto("/recordings/new");
  expect(await page.getByText("Not finished yet").count()).toBe(0);
  await context.close();
});

test("the tray tells how the run stands, and leaves when it is ready or looked at", async () => {
  const { page, context } = await pages.visitAsOwner("/recordings/new");
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles([sound("told.mp3"), sound("opened.mp3")]);
  await page.getByRole("button", { name: "Upload 2 files" }).click();
  const tray = page.getByRole("region", { name: "Uploads" });
  await tray.getByText("Uploads finished").waitFor();
  const { prisma } = pages.deps;
  const { id } = await prisma.run.findFirstOrThrow({ where: { title: "told" }, select: { id: true } });
  const move = (event: RunEvent) => prisma.$transaction((tx) => applyRunEvent(tx, id, event));
  await move({ type: "started" });
  await move({ type: "stage", stage: "transcription" });
  await move({ type: "progress", stage: "transcription", fraction: 0.5 });
  await tray.getByText(/^Transcribing audio…, \d\d %$/).waitFor();
  await tray.getByRole("link", { name: "Open opened.mp3" }).click();
  await page.getByRole("heading", { name: "opened", level: 1 }).waitFor();
  await tray.getByText("opened.mp3").waitFor({ state: "detached" });
  await move({ type: "completed" });
  await tray.getByText("Ready").waitFor();
  await expect.poll(() => tray.count()).toBe(0);
  await context.close();
});

test("case 23: a file that is here already says as what, and leads to another transcript of it as it was meant", async () => {
  const { page, context } = await pages.visitAsOwner();
  const { prisma } = pages.deps;
  const send = async (speakers: string) => {
    await page.goto("/recordings/new");
    await page.getByLabel("Drop recordings here, or choose them").setInputFiles(sound("twice.mp3"));
    await page.getByLabel("Number of speakers (optional)").fill(speakers);
    await page.getByRole("button", { name: "Upload 1 file" }).click();
    await page.getByRole("heading", { name: "twice", level: 1 }).waitFor();
  };
  await send("");
  const { id } = await prisma.run.findFirstOrThrow({ where: { title: "twice" }, select: { id: true } });
  for (const type of ["started", "completed"] as const)
    await prisma.$transaction((tx) => applyRunEvent(tx, id, { type }));
  await send("2");
  const tray = page.getByRole("region", { name: "Uploads" });
  await tray.getByText(/^This file is already here, as “twice”/).waitFor();
  await tray.getByRole("link", { name: /^Transcribe again .*with 2 speakers$/ }).click();
  const dialog = page.getByRole("dialog", { name: "Transcribe again" });
  await expect.poll(() => dialog.getByLabel("Number of speakers (optional)").inputValue()).toBe("2");
  await dialog.getByRole("button", { name: "Transcribe" }).click();
  await expect
    .poll(async () => (await prisma.recording.findFirst({ where: { fileName: "twice.mp3" } }))?.speakerCount)
    .toBe(2);
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(() => new URL(page.url()).search).toBe("");
  await context.close();
});

test("what is no recording is refused before a byte is sent", async () => {
  const { page, context } = await pages.visitAsOwner();
  await page.goto("/recordings/new");
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles([
    { name: "notes.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF") },
    { name: "nothing.mp3", mimeType: "audio/mpeg", buffer: Buffer.alloc(0) },
  ]);
  await page.getByText("This is not an audio or video file.").waitFor();
  await page.getByText("This file is empty.").waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^Upload/ }).isDisabled()).toBe(true);
  await context.close();
});
