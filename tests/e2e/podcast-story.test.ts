import { readFile } from "node:fs/promises";
import { parseRssFeed } from "feedsmith";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { openBrowser, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const spoken = await readFile(new URL("../fixtures/two-cities.wav", import.meta.url));

test(
  "D-1 D-69 D-72 a feed of real speech becomes an episode: page, REST and room tell it alike, as it happens",
  { timeout: 900_000 },
  async () => {
    await using host = await fakePodcastHost();
    const convene = await sharedConvene("podcast-story");
    await using browser = await openBrowser();
    const earlier = new Date("2024-05-01T10:00:00Z");
    host.add({ guid: "1", title: "An older talk", file: "1.wav", type: "audio/wav", publishedAt: earlier }, spoken);

    const { page, context, complaints } = await visit(browser, { url: convene.url });
    await signIn(page, convene.owner);
    await page.getByRole("link", { name: "Podcasts" }).first().click();
    await page.getByRole("link", { name: "Add a channel" }).first().click();
    await page.getByLabel("Address of the feed").fill(host.feedUrl);
    await page.getByLabel(/republish/).check();
    await page.getByRole("button", { name: "Add the channel" }).click();
    await page.waitForURL(/\/podcasts\/[0-9a-f-]{36}$/);
    const channelId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await page.getByText("An older talk", { exact: true }).waitFor({ state: "attached" });
    await page.getByText("Nothing is being processed.").waitFor();

    const read = async <T>(path: string): Promise<T> => (await (await context.request.get(path)).json()) as T;
    const { token } = await read<{ token: string }>("/api/auth/token");
    const told: [string, Record<string, unknown>][] = [];
    const socket = io(convene.url, { transports: ["websocket"], auth: { agentId: channelId, token } });
    socket.on("connect", () => socket.emit("subscribe:agent", channelId));
    socket.onAny((name: string, data: Record<string, unknown>) => told.push([name, data]));

    host.add({ guid: "2", title: "Two cities", file: "2.wav", type: "audio/wav", publishedAt: new Date() }, spoken);
    await page.getByRole("button", { name: "Look now" }).click();
    await page.getByRole("progressbar", { name: "Progress of Two cities" }).waitFor();
    const episodes = page.getByRole("region", { name: "Episodes" });
    await episodes.getByRole("link", { name: "Two cities", exact: true }).waitFor({ timeout: 600_000 });
    await page.getByText("Nothing is being processed.").waitFor();

    const { jobs, total } = await read<{ jobs: { id: string; videoId: string; status: string }[]; total: number }>(
      `/agents/${channelId}/jobs`,
    );
    expect([total, jobs]).toMatchObject([1, [{ videoTitle: "Two cities", status: "completed", progress: 100 }]]);
    await expect.poll(() => told.at(-1)?.[0]).toBe("job:completed");
    const stages = told.flatMap(([name, data]) => (name === "job:progress" ? [data["stage"]] : []));
    expect([...new Set(stages)]).toEqual([
      "downloading",
      "speech_detection",
      "ai_analysis",
      "audio_processing",
      "uploading",
      "completed",
    ]);
    expect(await read(`/agents/${channelId}/stats`)).toMatchObject({ totalVideos: 1, totalEpisodes: 1, activeJobs: 0 });
    socket.disconnect();

    // Published on the page, it is in the feed, and its sound is fetched in parts by whoever has the address.
    const feedUrl = await page.getByLabel("Address of the podcast").inputValue();
    const feedItems = async () => parseRssFeed(await (await fetch(feedUrl)).text()).items ?? [];
    expect(await feedItems()).toEqual([]);
    await episodes.getByRole("button", { name: "Publish Two cities" }).click();
    await episodes.getByRole("button", { name: "Withdraw Two cities" }).waitFor();
    const [item] = await feedItems();
    expect(item).toMatchObject({ title: "Two cities", itunes: { duration: expect.any(Number) } });
    const { url: sound = "", length = 0 } = item?.enclosures?.[0] ?? {};
    const heard = await fetch(sound, { headers: { range: "bytes=-100" } });
    expect([heard.status, heard.headers.get("content-range")]).toEqual([
      206,
      `bytes ${length - 100}-${length - 1}/${length}`,
    ]);
    const transcript = item?.podcast?.transcripts?.find(({ type }) => type === "text/vtt")?.url ?? "";
    expect(await (await fetch(transcript)).text()).toMatch(/best of times/i);

    await episodes.getByRole("link", { name: "Two cities", exact: true }).click();
    await page
      .getByText(/best of times/i)
      .first()
      .waitFor();
    const part = await context.request.get(`/api/recordings/${jobs[0]?.videoId}/audio`, {
      headers: { range: "bytes=0-99" },
    });
    expect([part.status(), (await part.body()).length]).toEqual([206, 100]);
    // What it held when it was added is not begun by itself.
    expect(host.requestsOf("/media/1.wav")).toEqual([]);
    await context.close();
    expect(complaints).toEqual([]);
  },
);
