import { expect, test } from "vitest";
import { soundFile } from "#tests/channels/system.ts";
import { rssOf } from "#tests/fakes/podcast-feed.ts";
import type { FakeEpisode } from "#tests/fakes/podcast-feed.ts";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { startConvene } from "./convene.ts";

const pages = ["/feed.xml", "/older-1.xml", "/older-2.xml"] as const;
const perPage = 4;
const all = pages.length * perPage;
const patient = { timeout: 300_000, interval: 150 };

test("weak points 8 and 9: kill -9 of the worker while a backfill lists and puts in line: each video once, a page twice at most", async () => {
  await using host = await fakePodcastHost();
  await using convene = await startConvene({ env: { FETCH_ALLOW: "127.0.0.0/8" } });
  const pageOf = (page: number): FakeEpisode[] =>
    Array.from({ length: perPage }, (_, place) => {
      const number = all - page * perPage - place;
      const file = `${number}.wav`;
      // The others' files are gone, so that their jobs end at once: listening takes long, and is not what this is about.
      if (place === 0) host.keep(file, soundFile(), "audio/wav");
      const publishedAt = new Date(Date.UTC(2024, 4, number, 10));
      return { guid: `talk-${number}`, title: `Talk ${number}`, file, type: "audio/wav", publishedAt };
    });
  host.episodes.push(...pageOf(0));
  host.state.link = `<${host.url}${pages[1]}>; rel="next"`;
  const next = `<atom:link rel="next" href="${host.url}${pages[2]}"/>`;
  const older = rssOf(pageOf(1), { url: host.url, hub: null }).replace("<itunes:author>", `${next}<itunes:author>`);
  host.lay(pages[1], older, "application/rss+xml");
  host.lay(pages[2], rssOf(pageOf(2), { url: host.url, hub: null }), "application/rss+xml");

  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await convene.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return ((await answer.json()) as { id: string }).id;
  };
  const id = await post("/api/channels", { source: "feed", url: host.feedUrl, rights: true });
  const first = async <Row extends object>(sql: string, values: unknown[]) => (await convene.rows<Row>(sql, values))[0];
  const checkedAt = () => first<{ at: Date | null }>("SELECT checked_at AS at FROM channel WHERE id = $1", [id]);
  await expect.poll(async () => (await checkedAt())?.at, patient).toBeInstanceOf(Date);
  const looks = host.requestsOf(pages[0]).length;

  host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  host.state.held = pages[2];
  const backfillId = await post(`/agents/${id}/backfills`, { since: "2024-05-01" });
  await expect.poll(() => host.requestsOf(pages[2]).length, patient).toBe(1);
  convene.kill("worker");
  host.state.held = null;
  const inLine = () => first<{ count: number }>("SELECT count(*)::int FROM run WHERE backfill_id = $1", [backfillId]);
  await expect.poll(async () => (await inLine())?.count, patient).toBeGreaterThan(2);
  convene.kill("worker");
  host.state.mediaFault = null;

  const status = () => first<{ status: string }>("SELECT status FROM run WHERE id = $1", [backfillId]);
  await expect.poll(async () => (await status())?.status, patient).toBe("completed");
  expect(pages.map((path) => host.requestsOf(path).length)).toEqual([looks + 1, 1, 2]);
  const told = await convene.rows<{ type: string; times: number; data: object }>(
    `SELECT type, count(*)::int AS times, count(DISTINCT data->>'videoId')::int AS videos, min(data::text)::jsonb AS data
     FROM live_event WHERE topic = 'channel:' || $1
       AND (type LIKE 'backfill.%' OR type IN ('video.discovered', 'episode.ready')) GROUP BY 1 ORDER BY 1`,
    [id],
  );
  expect(told).toMatchObject([
    { type: "backfill.completed", times: 1, data: { backfillId, totalFound: all, totalEnqueued: all } },
    { type: "backfill.started", times: 1, data: { backfillId, totalVideos: all } },
    { type: "episode.ready", times: pages.length, videos: pages.length },
    { type: "video.discovered", times: all, videos: all },
  ]);
  const counts = await first<object>(
    `SELECT (SELECT count(*)::int FROM video WHERE channel_id = $1) AS videos,
            (SELECT count(*)::int FROM episode WHERE channel_id = $1) AS episodes,
            (SELECT count(*)::int FROM run WHERE backfill_id = $2 AND status = 'completed' AND attempt = 1) AS done,
            (SELECT count(*)::int FROM run WHERE backfill_id = $2 AND error_code = 'source_gone' AND attempt = 1) AS failed,
            (SELECT count(*)::int FROM run WHERE channel_id = $1 AND kind = 'video') AS jobs,
            (SELECT count(*)::int FROM notification WHERE type LIKE 'backfill.%') AS notices`,
    [id, backfillId],
  );
  const done = pages.length;
  expect(counts).toEqual({ videos: all, episodes: done, done, failed: all - done, jobs: all, notices: 1 });
});
