import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeAnalysis } from "#records/conversations/analyses.ts";
import { announce } from "#records/live/feed.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { addRecording } from "./fixtures.ts";
import { openOwnedPages } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const rows = 700;
const chips = 20;
const widths = [390, 1280];
/** Rows of one word stand beside rows of many lines. */
const wordsOf = (row: number) => 1 + ((row * 37) % 11) ** 2 * (row % 3 === 0 ? 2 : 1);
const startOf = (row: number) => row * 6 + 0.5;

let pages: OwnedPages;
let id: string;
beforeAll(async () => {
  pages = await openOwnedPages();
  id = await addLongTalk();
});
afterAll(() => pages[Symbol.asyncDispose]());

/** Seventy minutes of silence, as small as browsers still play it. */
function silence(seconds: number): Buffer {
  const rate = 3000;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + rate * seconds, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(rate * seconds, 40);
  return Buffer.concat([header, Buffer.alloc(rate * seconds, 128)]);
}

async function addLongTalk(): Promise<string> {
  const { prisma, media } = pages.deps;
  const made = await addRecording(pages.deps, pages.owner, "A long talk");
  const seconds = rows * 6;
  const path = join(tmpdir(), `${made.id}.wav`);
  await writeFile(path, silence(seconds));
  const renditionKey = `${mediaKeys(made.id).original}.wav`;
  await media.putFile(renditionKey, path);
  await prisma.recording.update({
    where: { id: made.id },
    data: { durationMs: seconds * 1000, renditionKey, renditionType: "audio/wav" },
  });
  const segments = Array.from({ length: rows }, (_, row) => ({
    sourceKey: `row-${row}`,
    speaker: `SPEAKER_0${1 + ((row >> 2) % 3)}`,
    text: `row${row} ${"and so it went on ".repeat(wordsOf(row))}`.trim(),
    start: startOf(row),
    end: startOf(row) + 5.5,
  }));
  await prisma.$transaction((tx) => applyRunEvent(tx, made.runId, { type: "started" }));
  await prisma.$transaction(async (tx) => announce(tx, await storeSegments(tx, made.id, segments)));
  const stored = await prisma.transcriptSegment.findMany({
    where: { conversationId: made.id },
    select: { id: true },
    orderBy: { sequenceNumber: "asc" },
  });
  const bullets = Array.from({ length: chips }, (_, chip) => ({
    kind: "point" as const,
    text: `Point ${chip}`,
    // To and fro, the last row among them.
    segmentIds: [stored[rows - 1 - ((chip * 263) % rows)]?.id ?? ""],
    supported: true,
  }));
  const result = { text: "Long.", bullets, actionItems: [], notes: [] };
  await prisma.$transaction(async (tx) => {
    const ref = { conversationId: made.id, version: 1 };
    await announce(tx, await storeAnalysis(tx, ref, { result, model: "extractive", promptVersion: "1", costCents: 0 }));
    await applyRunEvent(tx, made.runId, { type: "completed" });
  });
  return made.id;
}

/** Waits until the page has not moved for some frames. */
const stillness = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let [last, still] = [-1, 0];
        const look = () => {
          still = scrollY === last ? still + 1 : 0;
          last = scrollY;
          if (still > 20) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

/** How far the row that has these words is outside of what can be seen of the page; 0 is good. */
const outside = (page: Page, word: string) =>
  page.evaluate((word) => {
    const text = [...document.querySelectorAll("[data-segment] div > p")].find(({ textContent }) =>
      new RegExp(`^${word}\\b`).test(textContent ?? ""),
    );
    if (!text) return Number.NaN;
    const { top, bottom } = text.getBoundingClientRect();
    const from = document.querySelector("[aria-label=Player]")?.getBoundingClientRect().bottom ?? 0;
    const bar = [...document.querySelectorAll("nav[aria-label=Main]")].find(
      (nav) => getComputedStyle(nav).position === "fixed" && nav.getBoundingClientRect().height > 0,
    );
    const to = bar?.getBoundingClientRect().top ?? innerHeight;
    // A row that is higher than the window shows its beginning.
    const isLong = (text.closest("li")?.offsetHeight ?? 0) > to - from - 16;
    return Math.round(Math.max(0, from - top, isLong ? top - to : bottom - to));
  }, word);

for (const width of widths) {
  test(`of ${rows} uneven rows each of ${chips} evidence chips brings its own into the window, ${width} px wide`, async () => {
    // Without motion rows in between are never seen, so that nobody knows how high they are.
    const { page, context } = await pages.visitAsOwner(`/recordings/${id}`, { width, calm: true });
    await page.locator("[data-state=live]").first().waitFor({ state: "attached" });
    const off: Record<string, number> = {};
    for (let chip = 0; chip < chips; chip++) {
      const row = rows - 1 - ((chip * 263) % rows);
      await page
        .getByRole("listitem")
        .filter({ hasText: new RegExp(`^Point ${chip} `) })
        .getByRole("button")
        .evaluate((button: HTMLButtonElement) => button.click());
      await expect.poll(() => outside(page, `row${row}`)).toBe(0);
      await stillness(page);
      off[`row${row}`] = await outside(page, `row${row}`);
    }
    expect(Object.entries(off).filter(([, px]) => px !== 0)).toEqual([]);
    await context.close();
  });

  test(`a word that is searched for comes into the window, and stays there while another part plays, ${width} px wide`, async () => {
    const { page, context } = await pages.visitAsOwner(`/recordings/${id}`, { width, calm: false });
    await play(page);
    await page.getByRole("searchbox", { name: "Search in the transcript" }).fill("row641");
    await page.getByText("1 of 1").waitFor();
    await stillness(page);
    expect(await outside(page, "row641")).toBe(0);
    await playOn(page, 3);
    await stillness(page);
    expect(await outside(page, "row641")).toBe(0);
    await context.close();
  });

  test(`what plays is followed until the reader scrolls, and again when asked to, ${width} px wide`, async () => {
    const { page, context } = await pages.visitAsOwner(`/recordings/${id}`, { width, calm: false });
    await play(page);
    await page.getByRole("slider", { name: "Position" }).fill(String(Math.ceil(startOf(500))));
    await stillness(page);
    expect(await outside(page, "row500")).toBe(0);
    await page.mouse.move(width / 2, 500);
    await page.mouse.wheel(0, -4000);
    await page.getByRole("button", { name: "Back to what plays" }).waitFor();
    await stillness(page);
    const before = await page.evaluate(() => scrollY);
    await playOn(page, 501);
    await stillness(page);
    expect(await page.evaluate(() => scrollY)).toBe(before);
    await page.getByRole("button", { name: "Back to what plays" }).click();
    await stillness(page);
    expect(await outside(page, "row501")).toBe(0);
    await context.close();
  });
}

async function play(page: Page) {
  // From then on the browser has taken the page over, and its buttons do something.
  await page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
}

/** Lets it play into a row, and then slowly: nobody seeks, the time passes by itself. */
async function playOn(page: Page, row: number) {
  await page.locator("audio").evaluate((audio: HTMLAudioElement) => {
    audio.playbackRate = 8;
  });
  await page.waitForFunction(
    (seconds) => (document.querySelector("audio")?.currentTime ?? 0) > seconds,
    startOf(row) + 0.5,
  );
  await page.locator("audio").evaluate((audio: HTMLAudioElement) => {
    audio.playbackRate = 0.25;
  });
}
