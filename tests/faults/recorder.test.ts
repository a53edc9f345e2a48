import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startFeed } from "#tests/calendars/feed.ts";
import { standIns } from "#tests/bot-visits/stand-ins.ts";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";

const meetingUrl = "https://meet.google.com/abc-defg-hij";

const send = async (convene: Convene, method: string, path: string, body: object) => {
  const headers = { "content-type": "application/json" };
  const answer = await convene.ask(path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
};

const providers =
  process.env["FAULTS"] === "short" ? (["attendee"] as const) : (["attendee", "recall", "vexa"] as const);

test.each(providers)("B-21 kill -9 at every step of a visit leaves one bot, and its recording: %s", async (name) => {
  const { fake, settings } = await standIns[name]();
  await using provider = fake;
  await using feed = await startFeed();
  await using convene = await startConvene({
    env: {
      ...settings,
      FETCH_ALLOW: "127.0.0.0/8",
      AUTO_JOIN_INTERVAL_SECONDS: "5",
    },
  });
  const state = async () => {
    const [row] = await convene.rows<{ status: string; stage: string; id: string }>(
      "SELECT run.status, run.stage, recorder.id FROM recorder JOIN run ON run.id = recorder.run_id",
    );
    return row ?? null;
  };
  const reached = async (status: string) => {
    await expect.poll(async () => (await state())?.status, { timeout: 120_000, interval: 100 }).toBe(status);
  };
  await send(convene, "PATCH", "/api/calendar/preferences", { auto_record_enabled: true, join_buffer_minutes: 1 });
  // Due in a quarter of a minute, so that the visit is ordered first and then waits.
  const startsAt = new Date(Date.now() + 75_000);
  feed.state.events = [{ uid: "planning", title: "Planning", at: startsAt, minutes: 60, link: meetingUrl }];
  await send(convene, "POST", "/api/calendars", { kind: "ics", url: feed.url });
  await reached("pending");
  convene.kill("worker");

  // The bot is made and nobody is told of it, since the worker dies before the answer.
  provider.failNext({ kind: "lost" }, 1, "create");
  while (provider.bots.length === 0) await wait(2);
  convene.kill("worker");
  const [bot] = provider.bots;
  bot!.waitingRoom();
  await wait(2_000);
  convene.kill("web");
  bot!.admit();
  await reached("active");
  convene.kill("worker");
  bot!.end();
  await expect.poll(async () => (await state())?.stage, { timeout: 120_000, interval: 20 }).toMatch(/collect|done/);
  convene.kill("worker");
  await reached("completed");

  expect(provider.bots).toHaveLength(1);
  expect(provider.mostAtOnce(meetingUrl)).toBe(1);
  const { id } = (await state())!;
  expect(await convene.finished(id)).toMatchObject({ status: "completed", error: null });
  const words = (await convene.transcript(id)).map(({ text }) => text).join(" ");
  expect(words.length).toBeGreaterThan(50);
  const rows = await convene.rows("SELECT 1 FROM recording WHERE id = $1", [id]);
  expect(rows).toHaveLength(1);
});
