import { copyFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCut, storeCut } from "#records/channels/cuts.ts";
import { storeDecision } from "#records/channels/decisions.ts";
import { changeEpisode, episodeIdOf } from "#records/channels/episodes.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addChannel } from "#tests/web/podcast-fixtures.ts";
import { axeFindings, isForAxe, overflow, settled, themes } from "./browser.ts";
import { openOwnedPages } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const sound = fileURLToPath(new URL("../fixtures/sample-recording.mp3", import.meta.url));

const notJudged = { should_autopublish: false, confidence: 0, reasons: [] };

let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  pages = await openOwnedPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

/** A channel with an episode that is held, for being short; its file can be played. */
async function withHeld(title: string) {
  const { prisma, media } = pages.deps;
  const channel = await addChannel(prisma, pages.owner, { title: "Harbour talks" });
  const job = await channel.queue(title);
  const copy = join(tmpdir(), `${job.videoId}.mp3`);
  await copyFile(sound, copy);
  // The store takes the file away from where it lies.
  await media.putFile(mediaKeys(job.videoId).original, copy);
  await job.completeJudged();
  const id = episodeIdOf(job.videoId);
  return { channel, id, path: `${channel.path}/episodes/${id}` };
}

const playedFrom = (page: Page) =>
  page
    .getByRole("region", { name: "Player" })
    .locator("audio")
    .evaluate((audio: HTMLAudioElement) => audio.currentTime);

test("a held episode says why, its reasons lead to the words, and its state changes as anybody changes it", async () => {
  const { channel, id, path } = await withHeld("How pilots work");
  const { page, context, complaints } = await pages.visitAsOwner(channel.path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page
    .getByRole("region", { name: "Episodes" })
    .getByRole("link", { name: "How pilots work", exact: true })
    .click();
  await page.waitForURL(new RegExp(`${path}$`));
  const reasons = page.getByRole("region", { name: "Why it is held" });
  await reasons.getByText("0:26, wanted 1:00").waitFor();
  expect(await reasons.getByLabel("Holds it back").count()).toBe(1);

  await page.getByText("Tell us how pilots work.").click();
  await expect.poll(() => playedFrom(page)).toBeGreaterThanOrEqual(9);
  await reasons.getByRole("button", { name: "Evidence at 0:18" }).first().press("Enter");
  await expect.poll(() => playedFrom(page)).toBeGreaterThanOrEqual(18);

  await page.getByRole("button", { name: "Publish How pilots work" }).click();
  await page.getByRole("button", { name: "Withdraw How pilots work" }).waitFor();
  await page.getByRole("heading", { name: "What was judged" }).waitFor();
  // Whoever looks on sees what somebody else does.
  await changeEpisode(pages.deps.prisma, { userId: pages.owner.userId, id }, "withdraw");
  await page.getByRole("button", { name: "Publish again How pilots work" }).waitFor();
  await context.close();
  expect(complaints).toEqual([]);
});

test("an episode's borders are dragged over its waveform, and set to where it plays", async () => {
  const { path } = await withHeld("How pilots work");
  const { page, context, complaints } = await pages.visitAsOwner(path);
  const player = page.getByRole("region", { name: "Player" });
  const [begin, end] = ["Begins at", "Ends at"].map((name) => player.getByRole("slider", { name }));
  const line = page.locator("line[data-border=from]");
  await expect.poll(async () => Number(await line.getAttribute("x1"))).toBe(1);
  const box = (await page.locator("svg:has(line[data-border])").boundingBox())!;
  const [seconds, ends] = [Number(await end!.getAttribute("max")), Number(await end!.inputValue())];
  await page.mouse.move(box.x, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 12, { steps: 4 });
  await page.mouse.up();
  const begins = Number(await begin!.inputValue());
  expect(begins / seconds).toBeCloseTo(0.5, 1);
  // The grip stands where the waveform has the border.
  expect(Math.abs(Number(await line.getAttribute("x1")) - box.width / 2)).toBeLessThan(3);
  await page.mouse.move(box.x + (box.width * ends) / seconds, box.y + box.height - 12);
  await page.mouse.down();
  await page.mouse.move(box.x, box.y + box.height - 12, { steps: 4 });
  await page.mouse.up();
  // It stays behind the beginning.
  expect(Number(await end!.inputValue())).toBeCloseTo(begins + 1, 3);
  // Between the grips one still goes to a place of the sound.
  await page.mouse.click(box.x + box.width * 0.75, box.y + 24);
  await expect.poll(() => playedFrom(page)).toBeGreaterThan(begins + 1);
  await page.getByRole("button", { name: "End where it plays" }).click();
  expect(Number(await end!.inputValue())).toBeGreaterThan(begins + 1);
  await page.getByRole("button", { name: "As it is now" }).click();
  expect([await begin!.inputValue(), Number(await end!.inputValue())]).toEqual(["0", ends]);
  await context.close();
  expect(complaints).toEqual([]);
});

test("an episode's borders are moved by keyboard, and it is cut anew while its sound stays", async () => {
  const { id, path } = await withHeld("How pilots work");
  const { prisma } = pages.deps;
  const { page, context, complaints } = await pages.visitAsOwner(path);
  const section = page.getByRole("region", { name: "Cut it otherwise" });
  const make = section.getByRole("button", { name: "Make this cut" });
  expect(await make.isDisabled()).toBe(true);
  const player = page.getByRole("region", { name: "Player" });
  const end = player.getByRole("slider", { name: "Ends at" });
  await end.focus();
  const line = page.locator("line[data-border=to]");
  const place = async () => Number(await line.getAttribute("x1"));
  const drawn = await place();
  for (let press = 0; press < 10; press += 1) await page.keyboard.press("ArrowLeft");
  // The waveform shows it while it is moved.
  await expect.poll(place).toBeLessThan(drawn);
  const before = await prisma.episode.findUniqueOrThrow({ where: { id } });
  const wanted = Math.round(before.durationMs / 100) * 100 - 1000;
  await make.press("Enter");
  await section.getByRole("progressbar", { name: "Progress of the cut" }).waitFor();
  const cut = await prisma.episodeCut.findFirstOrThrow({ where: { episodeId: id } });
  expect(cut).toMatchObject({ revision: 2, startMs: 0, endMs: wanted });

  // As its run does it.
  const row = (await findCut(prisma, cut.runId))!;
  const audio = { audioKey: before.audioKey, audioType: "audio/mpeg", audioBytes: 5, durationMs: wanted };
  await prisma.$transaction(async (tx) => {
    await storeDecision(tx, { videoId: row.episode.videoId, revision: 2 }, { ...notJudged, startMs: 0, endMs: wanted });
    await storeCut(tx, row, audio);
    await applyRunEvent(tx, cut.runId, { type: "started" });
    await applyRunEvent(tx, cut.runId, { type: "completed" });
  });
  await end.waitFor();
  await expect.poll(() => end.inputValue()).toBe(String(wanted / 1000));
  expect(await make.isDisabled()).toBe(true);
  await context.close();
  expect(complaints).toEqual([]);
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`an episode's page is accessible and fits, ${theme}, ${width} px wide`, async () => {
      const { path } = await withHeld("Pilots and the tides, told by three of them who have done it for thirty years");
      const { page, context, complaints } = await pages.visitAsOwner(path, { theme, width });
      await settled(page);
      await page.screenshot({ path: join(folder, `podcast-episode-${theme}-${width}.png`), fullPage: true });
      const findings = isForAxe(theme, width) ? await axeFindings(page) : [];
      expect([findings, await overflow(page)]).toEqual([[], 0]);
      await context.close();
      expect(complaints).toEqual([]);
    });
  }
}
