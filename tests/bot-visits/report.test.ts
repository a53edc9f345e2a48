import { expect, test } from "vitest";
import { botReport } from "#records/bot-visits/report.ts";
import { addCalendar, occurrence } from "#tests/calendars/calendar-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "#tests/web/server.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { addVisit } from "./recorder-fixtures.ts";

const minute = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minute);

test("B-81 B-82 B-83 B-84 B-85 the report says how meetings were joined, and what went wrong", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ann = await web.signUp();
  const bob = await web.signUp();
  await ann.json("/api/calendar/preferences", { method: "PATCH", body: { auto_record_enabled: true } });

  // Two of three meetings that are over got a bot; one is on two calendars, and one is no meeting.
  const startsAt = ago(90);
  const over = (uid: string, given = {}) => occurrence({ uid, startsAt, meeting: roomOf(uid), ...given });
  const { calendar } = await addCalendar(db.prisma, ann, [
    over("a"),
    over("b"),
    over("c"),
    over("d", { meeting: null }),
  ]);
  await addCalendar(db.prisma, { userId: ann.userId, workspaceId: ann.workspaceId }, [over("a")]);
  const [first, second] = await db.prisma.calendarEvent.findMany({
    where: { calendarId: calendar },
    orderBy: { uid: "asc" },
  });
  const bot = {
    provider: "attendee",
    botState: "ended",
    startsAt,
    requestedAt: ago(91),
    joinedAt: new Date(startsAt.getTime() + minute),
    leftAt: new Date(startsAt.getTime() + 61 * minute),
  };
  const good = await addVisit(
    db.prisma,
    ann,
    { ...bot, botId: "1" },
    { status: "completed", stage: "done", percent: 100 },
  );
  const bad = await addVisit(
    db.prisma,
    ann,
    { ...bot, botId: "2", joinedAt: null, leftAt: null, botReason: "denied", botState: "failed" },
    { status: "failed", errorCode: "not_recorded", errorMessage: "x", errorStage: "call", errorAttempt: 1 },
  );
  for (const [recorderId, event] of [
    [good, first],
    [bad, second],
  ] as const) {
    await db.prisma.recorderWatch.create({ data: { recorderId, eventId: event!.id } });
  }
  await addVisit(db.prisma, bob, {}, { status: "cancelled" });
  await addVisit(db.prisma, bob, { joinAt: ago(5) }, { status: "pending", finishedAt: null });
  await addVisit(
    db.prisma,
    bob,
    { botId: "old", botState: "ended" },
    { status: "completed", stage: "done", percent: 100, finishedAt: ago(3 * 24 * 60) },
  );

  const report = await botReport(db.prisma, 1);
  expect(report).toMatchObject({
    meetings: { all: 3, automatic: 2 },
    people: { all: 2, autoJoin: 1 },
    visits: { recorded: 1, failed: 1, calledOff: 1 },
    automatic: { ended: 2, failed: 1 },
    reasons: [{ reason: "The bot was not let in.", count: 1 }],
    now: { waiting: 1, joining: 0, inCall: 0, overdue: 1 },
    calendars: { all: 2, failing: 0 },
  });
  expect(report.delay.mean).toBeCloseTo(60, 0);
  expect(report.providers).toMatchObject([{ provider: "attendee", visits: 2, failed: 1 }]);
  expect(report.providers[0]!.hours).toBeCloseTo(1, 2);
  expect(report.days.at(-1)!.recorded + report.days.at(-2)!.recorded).toBe(1);
  expect((await botReport(db.prisma, 7)).visits.recorded).toBe(2);
});

test("a report of nothing has no shares", async () => {
  await using db = await testDatabase();
  const report = await botReport(db.prisma, 30);
  expect(report).toMatchObject({ meetings: { all: 0 }, delay: { mean: null, p50: null }, reasons: [], providers: [] });
  expect(report.days).toHaveLength(30);
});

test("B-69 administrators of the server see how bots fare, and for others there is no such page", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const ada = await web.signUp("ada@example.com");
  const bob = await web.signUp();
  const page = (path: string, { headers }: TestPerson) => fetch(`${web.url}${path}`, { headers });
  for (const days of ["", "?days=30", "?days=9", "?days=%00"]) {
    const answer = await page(`/bots${days}`, ada);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("No provider of bots has a key");
  }
  expect((await page("/bots", bob)).status).toBe(404);
  expect(await (await page("/notifications", bob)).text()).not.toContain('href="/bots"');
});

const roomOf = (uid: string) => ({
  platform: "google_meet" as const,
  room: uid,
  url: `https://meet.google.com/${uid}`,
});
