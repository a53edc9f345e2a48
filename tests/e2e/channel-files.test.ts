import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { tone } from "#tests/channels/tones.ts";
import { png } from "#tests/channels/pictures.ts";
import { addChannel } from "#tests/web/podcast-fixtures.ts";
import { axeFindings, cookiesOf, isForAxe, overflow, settled, themes, visit } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
});
ownedPagesForEach((made) => (pages = made));

const wav = (name: string, buffer: Buffer) => ({ name, mimeType: "audio/wav", buffer });

test("an intro is given, heard, replaced and removed in its channel's dialog, and what is none is refused by its name", async () => {
  const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
  const { page, context } = await pages.visitAsOwner(channel.path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Intro, outro, cover" }).press("Enter");
  const intro = page.getByRole("region", { name: "Intro" });
  await intro.getByText("None: episodes begin with the talk.").waitFor();

  const letter = { name: "letter.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("Dear listeners, ".repeat(100)) };
  await intro.getByLabel("Give the channel an intro").setInputFiles(letter);
  await intro.getByRole("alert").getByText("There is no sound in “letter.mp3”").waitFor();
  await intro.getByLabel("Give the channel an intro").setInputFiles(wav("huge.wav", Buffer.alloc(21 * 1024 ** 2)));
  await intro.getByRole("alert").getByText("“huge.wav” is larger than").waitFor();

  await intro.getByLabel("Give the channel an intro").setInputFiles(wav("bells.wav", tone(3, 800)));
  await intro.getByText("It is in every episode that is made from now on.").waitFor();
  await intro.getByText("bells.wav").waitFor();
  expect(await intro.getByRole("alert").count()).toBe(0);
  const seconds = () => intro.locator("audio").evaluate((audio: HTMLAudioElement) => audio.duration);
  await intro.locator("audio").evaluate((audio: HTMLAudioElement) => audio.load());
  await intro.locator("audio").evaluate((audio: HTMLAudioElement) => void audio.play());
  await expect.poll(seconds).toBeCloseTo(3, 0);

  await intro.getByLabel("Replace it with").setInputFiles(wav("drums.wav", tone(5, 300)));
  await intro.getByText("drums.wav").waitFor();
  await intro.locator("audio").evaluate((audio: HTMLAudioElement) => void audio.play());
  await expect.poll(seconds).toBeCloseTo(5, 0);
  await intro.getByRole("button", { name: "Remove the intro" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove it" }).press("Enter");
  await intro.getByText("None: episodes begin with the talk.").waitFor();
  expect(await pages.deps.prisma.channelFile.count({ where: { channelId: channel.id } })).toBe(0);

  const cover = page.getByRole("region", { name: "Cover" });
  const picture = (name: string, buffer: Buffer) => ({ name, mimeType: "image/png", buffer });
  await cover.getByLabel("Give the channel a cover").setInputFiles(picture("wide.png", png(1600, 1400)));
  await cover.getByRole("alert").getByText("“wide.png” has 1600 × 1400 pixels").waitFor();
  await cover.getByLabel("Give the channel a cover").setInputFiles(picture("harbour.png", png(1400)));
  await cover.getByText("It is in the feed, and in every episode").waitFor();
  await page.keyboard.press("Escape");
  const shown = page.getByRole("main").getByRole("img", { name: "Cover of the podcast" });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1400);
  await context.close();
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`what a channel's episodes have in common is accessible and fits, ${theme}, ${width} px wide`, async () => {
      const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
      const { context, page, complaints } = await visit(pages.browser, { url: pages.url, width, theme });
      await context.addCookies(cookiesOf(pages.owner.cookie, pages.url));
      await page.goto(channel.path);
      await page.getByRole("button", { name: "Intro, outro, cover" }).click();
      const dialog = page.getByRole("dialog");
      const long = wav(`${"a very long name of a file ".repeat(5)}.wav`, tone(3, 800));
      await dialog.getByLabel("Give the channel an intro").setInputFiles(long);
      await dialog.getByText("It is in every episode that is made from now on.").waitFor();
      const picture = { name: "harbour.png", mimeType: "image/png", buffer: png(1400) };
      await dialog.getByLabel("Give the channel a cover").setInputFiles(picture);
      await dialog.getByText("It is in the feed").waitFor();
      await settled(page);
      expect(await overflow(page)).toBe(0);
      expect(isForAxe(theme, width) ? await axeFindings(page) : []).toEqual([]);
      await page.screenshot({ path: join(folder, `channel-files-${theme}-${width}.png`) });
      await page.keyboard.press("Escape");
      await settled(page);
      expect(await overflow(page)).toBe(0);
      await page.screenshot({ path: join(folder, `channel-cover-${theme}-${width}.png`) });
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
}
