import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page, WebSocket } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { RunEvent } from "#domain/run.ts";
import { keepPage } from "#records/channels/backfills.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addChannel } from "#tests/web/podcast-fixtures.ts";
import { relay } from "#tests/web/network-relay.ts";
import { axeFindings, cookiesOf, isForAxe, overflow, settled, themes, visit } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
});
ownedPagesForEach((made) => (pages = made));

const channelOf = (title: string) => addChannel(pages.deps.prisma, pages.owner, { title });
const active = (page: Page) => page.getByRole("region", { name: "Active jobs" });
const figure = (page: Page, name: string) =>
  page.getByText(name, { exact: true }).locator("xpath=..").locator("dd").first();

test("D-31 D-53 D-54 D-55 jobs move as they work; done ones become episodes, a failed one gives one notice", async () => {
  const channel = await channelOf("Harbour talks");
  const { page, context } = await pages.visitAsOwner(channel.path);
  await active(page).getByText("Nothing is being processed.").waitFor();
  const [good, bad] = [await channel.queue("Good talk"), await channel.queue("Bad talk")];
  await active(page).getByRole("link", { name: "Good talk" }).waitFor();
  await good.begin();
  await active(page).getByText("Downloading…").waitFor();
  await good.move({ type: "stage", stage: "transcription" });
  const bar = active(page).getByRole("progressbar", { name: "Progress of Good talk" });
  await expect.poll(() => bar.getAttribute("aria-valuetext")).toBe("50 percent, Transcribe and analyse");
  await bad.begin();
  await bad.fail("No answer came.");
  const notice = page.getByLabel("New notifications").getByText("“Bad talk” failed", { exact: true });
  await notice.waitFor();
  await page.getByRole("region", { name: "All jobs" }).getByRole("button", { name: "Retry Bad talk" }).waitFor();
  await expect.poll(() => active(page).getByRole("listitem").count()).toBe(1);
  await good.complete();
  await page.getByRole("region", { name: "Episodes" }).getByRole("link", { name: "Good talk", exact: true }).waitFor();
  await active(page).getByText("Nothing is being processed.").waitFor();
  expect(await notice.count()).toBe(1);
  // What the database holds is what the screen shows.
  await expect.poll(() => figure(page, "Episodes").textContent()).toBe("1");
  await expect.poll(() => figure(page, "Success rate").textContent()).toBe("50 %");
  await context.close();
});

test("D-68 older videos are asked for by a day; a banner tells how far they are, and one notice how it ended", async () => {
  const channel = await channelOf("Backfilled channel");
  await channel.lookedAt();
  const { page, context } = await pages.visitAsOwner(channel.path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Bring them in" }).click();
  await page.getByText("Give a day that is past, such as 2024-01-31.").waitFor();
  await page.getByLabel("Bring in older videos since").fill("2026-11-01");
  await page.getByRole("button", { name: "Bring them in" }).click();
  const banner = page.getByRole("region", { name: "Bringing in older videos since" });
  await banner.getByText("Waiting to start").waitFor();

  const { prisma } = pages.deps;
  const backfill = await prisma.backfill.findFirstOrThrow({
    where: { channelId: channel.id },
    include: { channel: true },
  });
  const backfillId = backfill.runId;
  const move = (...events: RunEvent[]) =>
    prisma.$transaction(async (tx) => {
      for (const event of events) await applyRunEvent(tx, backfillId, event);
    });
  await move({ type: "started" }, { type: "stage", stage: "listing" });
  await banner.getByText("Looking for older videos…").waitFor();
  const jobs = [
    await channel.queue("Good old talk", { backfillId }),
    await channel.queue("Bad old talk", { backfillId }),
  ];
  await keepPage(prisma, backfill, { items: [], nextUrl: null, deleted: [] });
  await banner.getByText("2 found · 2 put in line · 0 done").waitFor();
  await jobs[1]?.fail("No answer came.");
  await jobs[0]?.complete();
  await banner.getByText("2 found · 2 put in line · 1 done · 1 failed").waitFor();
  await move({ type: "completed" });
  await page.getByText("The older videos since").waitFor();
  await banner.waitFor({ state: "detached" });
  // Of its jobs nothing is told one by one.
  expect(await page.getByLabel("New notifications").getByText("“Bad old talk” failed").count()).toBe(0);
  const notices = await prisma.notification.findMany({ where: { link: channel.path } });
  expect(notices).toMatchObject([
    { type: "backfill.completed", title: "The older videos of “Backfilled channel” are in" },
  ]);
  await context.close();
});

test("D-52 D-56 D-71 whoever goes to another channel, or leaves, is told of the first one no more; one readable connection tells of each", async () => {
  const [first, second] = [await channelOf("First channel"), await channelOf("Second channel")];
  const { page, context } = await pages.visitAsOwner();
  const [connections, frames]: [WebSocket[], string[]] = [[], []];
  // As the browser's own tools show it.
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/socket.io/")) return;
    connections.push(socket);
    socket.on("framereceived", ({ payload }) => frames.push(payload.toString()));
  });
  await page.goto(first.path);
  const job = await first.queue("Talk of the first");
  await active(page).getByRole("link", { name: "Talk of the first" }).waitFor();
  await page.getByRole("link", { name: "Podcasts" }).first().click();
  await page.getByRole("link", { name: "Second channel" }).click();
  await page.getByRole("heading", { name: "Second channel", level: 1 }).waitFor();
  await job.begin();
  await job.fail("No answer came.");
  const other = await second.queue("Talk of the second");
  await active(page).getByRole("link", { name: "Talk of the second" }).waitFor();
  for (const title of ["Talk of the first", "Talk of the second"]) {
    expect(frames.some((frame) => frame.includes(title) && frame.includes("run.created"))).toBe(true);
  }
  expect(connections.filter((each) => !each.isClosed())).toHaveLength(1);
  expect(await active(page).getByRole("listitem").count()).toBe(1);
  // The person's own notice comes, as anywhere; the first channel's page would have given another.
  expect(
    await page.getByLabel("New notifications").getByText("“Talk of the first” failed", { exact: true }).count(),
  ).toBe(1);
  await page.goBack();
  await page.goBack();
  await page.getByRole("heading", { name: "First channel", level: 1 }).waitFor();
  await other.begin();
  await active(page).getByText("Nothing is being processed.").waitFor();
  await context.close();
});

test("D-72 D-73 D-74 two tabs and one whose connection was lost show what the database holds", async () => {
  const network = await relay(Number(new URL(pages.url).port));
  const channel = await channelOf("Shared channel");
  const [here, cut] = [
    await pages.visitAsOwner(channel.path),
    await visit(pages.browser, { url: `http://127.0.0.1:${network.port}` }),
  ];
  await cut.context.addCookies(cookiesOf(pages.owner.cookie, `http://127.0.0.1:${network.port}`));
  await cut.page.goto(channel.path);
  const slow = await channel.queue("Slow talk");
  for (const { page } of [here, cut]) await active(page).getByRole("link", { name: "Slow talk" }).waitFor();
  network.down(true);
  await cut.page.locator('[data-state="reconnecting"], [data-state="offline"]').first().waitFor({ state: "attached" });
  const fast = await channel.queue("Fast talk");
  await fast.complete();
  await slow.begin();
  await slow.move({ type: "stage", stage: "transcription" });
  network.down(false);
  for (const { page } of [here, cut]) {
    await page
      .getByRole("region", { name: "Episodes" })
      .getByRole("link", { name: "Fast talk", exact: true })
      .waitFor();
    const bar = active(page).getByRole("progressbar", { name: "Progress of Slow talk" });
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("50");
    await expect.poll(() => active(page).getByRole("listitem").count()).toBe(1);
    await expect.poll(() => figure(page, "Total videos").textContent()).toBe("2");
  }
  await here.context.close();
  await cut.context.close();
  await network[Symbol.asyncDispose]();
});

test("D-75 a job that is over between the page's reading and its scripts' start is there as an episode", async () => {
  const channel = await channelOf("Quick channel");
  const { page, context } = await pages.visitAsOwner();
  const held = Promise.withResolvers<void>();
  await page.route("**/assets/*.js", async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(channel.path, { waitUntil: "commit" });
  await page.getByText("No episode yet.").waitFor();
  await (await channel.queue("Quick talk")).complete();
  held.resolve();
  const episodes = page.getByRole("region", { name: "Episodes" });
  await episodes.getByRole("link", { name: "Quick talk", exact: true }).waitFor();
  await expect.poll(() => figure(page, "Total videos").textContent()).toBe("1");
  await active(page).getByText("Nothing is being processed.").waitFor();
  await context.close();
});

test("a channel is added, changed and deleted by keyboard", async () => {
  const { page, context } = await pages.visitAsOwner("/podcasts/new");
  // The page's scripts are at work: else the form leads to a new document, whose buttons do nothing at first.
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.getByLabel("Address of the feed").fill("https://keyboard.example.com/feed");
  await page.keyboard.press("Enter");
  await page.getByText("Say that you may republish what the channel holds.").waitFor();
  expect(await page.getByLabel("Address of the feed").inputValue()).toBe("https://keyboard.example.com/feed");
  await page.getByLabel("I may republish what this channel holds").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Add the channel" }).press("Enter");
  await page.getByRole("heading", { name: "keyboard.example.com", level: 1 }).waitFor();
  // A new page takes the focus, as a reader's program is told of it; keys pressed before go there.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  await page.getByRole("button", { name: "Settings" }).press("Enter");
  const title = page.getByRole("dialog").getByLabel("Title", { exact: true });
  await title.fill("");
  await title.press("Enter");
  await page.getByRole("dialog").getByText("This must not be empty.").waitFor();
  await title.fill("Named by me");
  await title.press("Enter");
  await page.getByRole("dialog").getByText("Saved.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Named by me", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
  const says = "in the workspace. The source itself stays as it is. This cannot be undone.";
  await page.getByRole("alertdialog").getByText(says).waitFor();
  await page.getByRole("button", { name: "Delete it for good" }).press("Enter");
  await page.getByRole("heading", { name: "Podcasts", level: 1 }).waitFor();
  await expect.poll(() => page.getByText("Named by me").count()).toBe(0);
  await context.close();
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`the pages of podcasts are accessible and fit, ${theme}, ${width} px wide`, async () => {
      const channel = await channelOf(
        "Harbour talks, the long conversations about ships and the people who build them",
      );
      await channel.lookedAt();
      await (await channel.queue("How a lighthouse is run today")).complete();
      await (await channel.queue("The dry dock at night")).fail("The file is not there any more.");
      const job = await channel.queue("Pilots and the tides, told by three of them who have done it for thirty years");
      await job.begin();
      await job.move({ type: "stage", stage: "transcription" });
      await channel.queue("Waiting in line");
      for (const title of ["An old talk", "Another old talk"]) await channel.find(title);
      const broken = await channelOf("Broken channel");
      await broken.notReadable("not_a_feed");
      const { page, context, complaints } = await pages.visitAsOwner(undefined, { theme, width });
      const addresses = {
        podcasts: "/podcasts",
        "podcast-new": "/podcasts/new",
        podcast: channel.path,
        "podcast-broken": broken.path,
        "podcast-video": `/recordings/${job.videoId}`,
      };
      const findings: string[] = [];
      for (const [name, path] of Object.entries(addresses)) {
        await page.goto(path);
        await settled(page);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        const found = isForAxe(theme, width) ? await axeFindings(page) : [];
        findings.push(...found.map((finding) => `${name}: ${finding}`));
        if ((await overflow(page)) > 0) findings.push(`${name}: wider than the window`);
      }
      await context.close();
      expect({ findings, complaints }).toEqual({ findings: [], complaints: [] });
    });
  }
}
