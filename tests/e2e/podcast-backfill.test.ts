import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseRssFeed } from "feedsmith";
import { expect, test } from "vitest";
import { planted, plantedTalk } from "#tests/channels/planted-talk.ts";
import { roomClient, soundFile, spoken } from "#tests/channels/system.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { openBrowser, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
/** Three items on a machine that does other things besides. */
const slow = { timeout: 600_000 };

test(
  "D-43 D-44 D-46 D-47 a backfill brings three talks in: one is sure and goes out cut, one by a person's hand, one is held",
  { timeout: 1_500_000 },
  async () => {
    await mkdir(folder, { recursive: true });
    await using host = await fakePodcastHost();
    const convene = await sharedConvene("podcast-backfill");
    await using browser = await openBrowser();
    const item = (title: string, day: number, file: Buffer) =>
      host.add(
        {
          guid: title,
          title,
          file: `${day}.wav`,
          type: "audio/wav",
          publishedAt: new Date(`2024-05-0${day}T10:00:00Z`),
        },
        file,
      );
    item("Talk between music and noise", 1, plantedTalk());
    item("Two cities", 2, spoken);
    item("A few words", 3, soundFile());

    const { page, context, complaints } = await visit(browser, { url: convene.url });
    const picture = (name: string) =>
      page.screenshot({ path: join(folder, `podcast-backfill-${name}.png`), fullPage: true });
    await signIn(page, convene.owner);
    await page.goto("/podcasts/new");
    await page.getByLabel("Address of the feed").fill(host.feedUrl);
    await page.getByLabel(/republish/).check();
    await page.getByRole("button", { name: "Add the channel" }).click();
    await page.waitForURL(/\/podcasts\/[0-9a-f-]{36}$/);
    const channelId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await page.getByText("Two cities", { exact: true }).waitFor({ state: "attached" });

    const read = async <T>(path: string): Promise<T> => (await (await context.request.get(path)).json()) as T;
    const { token } = await read<{ token: string }>("/api/auth/token");
    using room = roomClient({ url: convene.url, token }, channelId);
    await expect.poll(() => room.socket.connected).toBe(true);

    await page.getByLabel("Bring in older videos since").fill("2024-01-01");
    await page.getByRole("button", { name: "Bring them in" }).click();
    await expect.poll(() => room.named("backfill:started"), slow).toMatchObject([{ totalVideos: 3 }]);
    await page.getByRole("progressbar").first().waitFor();
    await picture("under-way");
    const episodes = page.getByRole("region", { name: "Episodes" });
    for (const title of ["Talk between music and noise", "Two cities", "A few words"]) {
      await episodes.getByRole("link", { name: title, exact: true }).waitFor(slow);
    }
    await expect.poll(() => room.named("backfill:completed")).toMatchObject([{ totalFound: 3, totalEnqueued: 3 }]);
    expect(room.named("video:discovered")).toHaveLength(3);
    const published = () =>
      room.events.flatMap(({ name, data }) => (name === "job:completed" ? [Number(data.published)] : []));
    await expect.poll(() => published().toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(await read(`/agents/${channelId}/stats`)).toMatchObject({ totalVideos: 3, totalEpisodes: 3 });

    // What the machine was sure of is out, cut to the talk; the others wait for a person.
    await episodes.getByRole("button", { name: "Withdraw Talk between music and noise" }).waitFor();
    await episodes.getByRole("button", { name: "Publish Two cities" }).click();
    await episodes.getByRole("button", { name: "Withdraw Two cities" }).waitFor();
    await episodes.getByRole("button", { name: "Publish A few words" }).waitFor();
    await picture("done");
    const feedUrl = await page.getByLabel("Address of the podcast").inputValue();
    const { items = [] } = parseRssFeed(await (await fetch(feedUrl)).text());
    expect(new Set(items.map(({ title }) => title))).toEqual(new Set(["Talk between music and noise", "Two cities"]));
    const talk = items.find(({ title }) => title?.startsWith("Talk"));
    expect(Math.abs((talk?.itunes?.duration ?? 0) - (planted.end - planted.start))).toBeLessThan(6);
    const { url: sound = "", length = 0 } = talk?.enclosures?.[0] ?? {};
    const heard = await fetch(sound, { headers: { range: "bytes=0-999" } });
    expect([heard.status, heard.headers.get("content-range")]).toEqual([206, `bytes 0-999/${length}`]);

    // Its page shows where in the file somebody speaks: in the talk, and not in what was planted around it.
    await episodes.getByRole("link", { name: "Talk between music and noise", exact: true }).click();
    const waveform = page
      .getByRole("region", { name: "Player" })
      .locator("svg")
      .filter({ has: page.locator("rect") });
    await expect.poll(() => waveform.locator("[data-voice]").count()).toBeGreaterThan(0);
    const [width, ...spans] = await waveform.evaluate((svg) => [
      svg.clientWidth,
      ...[...svg.querySelectorAll<SVGRectElement>("[data-voice]")].flatMap((each) => [
        each.x.baseVal.value,
        each.x.baseVal.value + each.width.baseVal.value,
      ]),
    ]);
    const seconds = spans.map((x) => (x / width) * planted.whole);
    expect(Math.abs((seconds[0] ?? 0) - planted.start)).toBeLessThan(3);
    expect(Math.abs((seconds.at(-1) ?? 0) - planted.end)).toBeLessThan(3);
    await picture("episode");

    await context.close();
    expect(complaints).toEqual([]);
  },
);
