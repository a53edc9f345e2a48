import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const run = promisify(execFile);
const sample = join(import.meta.dirname, "../fixtures/sample-recording.mp3");

let convene: Awaited<ReturnType<typeof sharedConvene>>;
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
// For each test, and each try of one, an account of its own.
beforeEach(async () => {
  convene = await sharedConvene("journey");
});

async function upload(page: Page, title: string): Promise<void> {
  await page.goto("/recordings/new");
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles(sample);
  await page.getByLabel("Title of sample-recording.mp3").fill(title);
  await page.getByRole("button", { name: "Upload 1 file" }).click();
}

test("C-41 C-42 an upload becomes a transcript and a summary while the page is watched", async () => {
  const { page, context, complaints } = await visit(browser, { url: convene.url });
  await signIn(page, convene.owner);

  await page.getByRole("link", { name: "Upload a recording" }).click();
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles(sample);
  await page.getByLabel("Title of sample-recording.mp3").fill("A tale");
  await page.getByRole("button", { name: "Upload 1 file" }).click();

  await page.getByRole("heading", { name: "A tale", level: 1 }).waitFor();
  await page.getByRole("progressbar", { name: "Progress of the run" }).waitFor();
  await page.getByRole("heading", { name: "Summary" }).waitFor({ timeout: 150_000 });
  expect(await page.getByRole("list", { name: "Transcript" }).textContent()).toMatch(/best of times/i);

  // The chip of a statement leads to its words and plays them.
  await page
    .getByRole("button", { name: /^Evidence at/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await expect
    .poll(() => page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.currentTime))
    .toBeGreaterThan(0);
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain("eyJ");
  expect(complaints).toEqual([]);
  await context.close();
});

test("the same file again leads to the recording that is there", async () => {
  const { page, context } = await visit(browser, { url: convene.url });
  await signIn(page, convene.owner);
  await upload(page, "A tale");
  await page.getByRole("heading", { name: "A tale", level: 1 }).waitFor();
  await upload(page, "Another tale");
  await page.getByRole("region", { name: "Uploads" }).getByText("This file is already here, as “A tale”.").waitFor();
  await page.getByRole("heading", { name: "A tale", level: 1 }).waitFor();
  await page.goto("/recordings");
  expect(await page.getByRole("list", { name: "Recordings" }).getByRole("listitem").count()).toBe(1);
  // Nothing of it is left to do beside the next test.
  await page.getByRole("link", { name: "A tale", exact: true }).click();
  await page.getByRole("button", { name: "Delete the recording" }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await page.waitForURL("**/recordings");
  await context.close();
});

test("C-16 C-47 a program walks the reference design's way with a key, and each step passes", async () => {
  const json = { "content-type": "application/json", origin: convene.url };
  const account = JSON.stringify(convene.owner);
  const signedIn = await fetch(`${convene.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: json,
    body: account,
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const body = JSON.stringify({ name: "walk" });
  const made = await fetch(`${convene.url}/api/keys`, { method: "POST", headers: { ...json, cookie }, body });
  const { key } = (await made.json()) as { key: string };
  const file = join(import.meta.dirname, "../fixtures/two-cities.wav");
  const walk = (secret: string) =>
    run(process.execPath, ["tools/walk.ts", "--url", convene.url, "--key", secret, "--file", file]);
  const { stdout } = await walk(key);
  const steps = stdout
    .trim()
    .split("\n")
    .map((line) => line.slice(0, 20).trim().split(/\s\s+/));
  const names = [
    "sign in",
    "create",
    "connect",
    "ping",
    "upload",
    "upload",
    "diarization",
    "transcription",
    "alignment",
  ];
  expect(steps).toEqual([...names, "transcript", "summary", "completed", "stored"].map((name) => ["PASS", name]));
  await expect(walk("nobody's key")).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FAIL {2}sign in/),
  });
});

test("what is no recording fails in words, and can be deleted", async () => {
  const { page, context } = await visit(browser, { url: convene.url });
  await signIn(page, convene.owner);
  await page.goto("/recordings/new");
  await page.getByLabel("Drop recordings here, or choose them").setInputFiles({
    name: "<img src=x onerror=alert(1)>.mp3",
    mimeType: "audio/mpeg",
    buffer: Buffer.from("this is a letter and not a sound, ".repeat(50)),
  });
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  await page
    .getByText(/no sound in it that we can read|could not be decoded/)
    .first()
    .waitFor({ timeout: 90_000 });
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("<img src=x onerror=alert(1)>");

  await page.getByRole("button", { name: "Delete the recording" }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await page.waitForURL("**/recordings");
  await page.getByRole("heading", { name: "Recordings", level: 1 }).waitFor();
  expect(await page.getByRole("main").textContent()).not.toContain("onerror");
  await context.close();
});
