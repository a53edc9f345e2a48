import { expect, test } from "vitest";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { worker } from "./scrape.ts";

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test("channels' jobs count by state and stage, and sources by how they can be read, without a word of any single one", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const rows = [];
  for (let left = 6; left > 0; left -= 1) rows.push(await addChannelRows(prisma, person));
  const [waiting, listening, done, failed, closed, paused] = rows.map(({ channel }) => channel);
  const jobsOf = (channelId: string | undefined) => ({ channelId: channelId ?? "", kind: "video" });
  await prisma.run.updateMany({
    where: jobsOf(listening),
    data: { status: "processing", stage: "diarization", percent: 35 },
  });
  const over = { stage: "done", percent: 100, finishedAt: ago(5) };
  await prisma.run.updateMany({ where: jobsOf(done), data: { ...over, status: "completed" } });
  const error = { errorCode: "internal", errorMessage: "No.", errorStage: "downloading", errorAttempt: 1 };
  const failing = { status: "failed", stage: "downloading", percent: 10, finishedAt: ago(180), ...error };
  await prisma.run.updateMany({ where: jobsOf(failed), data: failing });
  const broken = { failingSince: ago(60), failures: 3, problem: "unreachable" };
  const set = (id: string | undefined, data: object) => prisma.channel.update({ where: { id: id ?? "" }, data });
  await set(waiting, { checkedAt: ago(10) });
  await set(listening, { checkedAt: ago(20) });
  await set(failed, broken);
  await set(closed, { source: "youtube", checkedAt: ago(90), ...broken, problem: "bot_check" });
  await set(paused, { pausedAt: ago(1), ...broken });
  await prisma.sourceGate.create({
    data: { source: "youtube", blockedUntil: ago(-30), blocks: 2, reason: "Not now." },
  });
  await prisma.video.updateMany({ where: jobsVideos(done), data: { createdAt: ago(120) } });

  using at = await worker(db);
  const { value, text } = await at.scrape();
  const jobs = (state: string, stage: string) => value(`convene_channel_jobs{state="${state}",stage="${stage}"}`);
  expect([
    jobs("pending", "queued"),
    jobs("processing", "speech_detection"),
    jobs("processing", "downloading"),
  ]).toEqual([3, 1, 0]);
  const finished = (outcome: string, window: string) =>
    value(`convene_channel_jobs_finished{outcome="${outcome}",window="${window}"}`);
  expect([finished("completed", "1h"), finished("failed", "1h"), finished("failed", "1d")]).toEqual([1, 0, 1]);
  const found = (source: string, window: string) =>
    value(`convene_channel_videos_found{source="${source}",window="${window}"}`);
  expect([found("feed", "1h"), found("feed", "1d"), found("youtube", "1d")]).toEqual([8, 10, 2]);
  const channels = (state: string) => value(`convene_channels{source="feed",state="${state}"}`);
  expect([channels("fine"), channels("failing"), channels("paused")]).toEqual([3, 1, 1]);
  expect(value('convene_channels_failing{problem="unreachable"}')).toBe(1);
  expect(value('convene_channels_failing{problem="bot_check"}')).toBe(1);
  const age = (source: string) => value(`convene_channel_check_age_seconds{source="${source}"}`);
  // A slow machine may take its time between the row and the scrape.
  const minutes = (least: number) => expect.toSatisfy((seconds) => seconds >= least * 60 && seconds < least * 60 + 300);
  expect([age("feed"), age("youtube")]).toEqual([minutes(10), minutes(90)]);
  expect(value('convene_source_closings{source="youtube"}')).toBe(2);
  expect(value('convene_source_closed_seconds{source="youtube"}')).toBeGreaterThan(1_500);
  expect(value('convene_source_closed_seconds{source="feed"}')).toBe(0);
  expect(rows.flatMap(({ channel }) => (text.includes(channel) ? [channel] : []))).toEqual([]);
});

const jobsVideos = (channelId: string | undefined) => ({ channelId: channelId ?? "" });
