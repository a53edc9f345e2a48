import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { closeSource, noteOpen } from "#records/channels/source-gate.ts";
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

const refused = { reason: "YouTube wants proof that a person is there.", askedMs: 0 };

async function youtubeChannel(owner: { userId: string; workspaceId: string }, title: string) {
  const channel = await addChannel(pages.deps.prisma, owner, { title });
  await pages.deps.prisma.channel.update({ where: { id: channel.id }, data: { source: "youtube" } });
  const job = await channel.queue("A talk that waits");
  await job.begin();
  return channel;
}

test("an administrator has a source tried again that is closed for all; others read until when, and who can", async () => {
  const { prisma } = pages.deps;
  const other = await pages.signUp("grace@example.com");
  const [own, others] = [await youtubeChannel(pages.owner, "Own"), await youtubeChannel(other, "Another's")];
  const { page, context, complaints } = await pages.visitAsOwner(own.path);
  const seen = await visit(pages.browser, { url: pages.url });
  await seen.context.addCookies(cookiesOf(other.cookie, pages.url));
  await seen.page.goto(others.path);
  await Promise.all([page, seen.page].map((each) => each.getByText("Live", { exact: true }).first().waitFor()));

  await closeSource(prisma, "youtube", refused);
  const again = page.getByRole("button", { name: "Try again now" });
  await again.waitFor();
  await seen.page.getByText("Administrators of this server can have it tried sooner.").waitFor();
  expect(await seen.page.getByRole("button", { name: "Try again now" }).count()).toBe(0);
  const answer = await seen.page.request.post("/podcasts.data", {
    form: { intent: "openSource", source: "youtube" },
    headers: { origin: pages.url },
  });
  expect(answer.status()).toBe(403);

  await again.press("Enter");
  await again.waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Active jobs");
  await seen.page.getByText(refused.reason).waitFor({ state: "detached" });
  expect(await prisma.sourceGate.findUniqueOrThrow({ where: { source: "youtube" } })).toMatchObject({
    blockedUntil: null,
    blocks: 1,
  });

  // Who looks after the server may have no channel there, and finds it with the list of channels.
  await closeSource(prisma, "youtube", refused);
  await page.goto("/podcasts");
  await again.click();
  await again.waitFor({ state: "detached" });
  await noteOpen(prisma, "youtube");
  await Promise.all([context.close(), seen.context.close()]);
  expect(complaints).toEqual([]);
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`a closed source, ${theme}, ${width} px`, async () => {
      const channel = await youtubeChannel(pages.owner, "Harbour talks");
      await closeSource(pages.deps.prisma, "youtube", refused);
      const { page, context, complaints } = await pages.visitAsOwner(channel.path, { theme, width });
      await page.getByRole("button", { name: "Try again now" }).waitFor();
      await settled(page);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(isForAxe(theme, width) ? await axeFindings(page) : []).toEqual([]);
      await page.screenshot({ path: join(folder, `source-closed-${theme}-${width}.png`), fullPage: true });
      await context.close();
      expect(complaints).toEqual([]);
    });
  }
}
