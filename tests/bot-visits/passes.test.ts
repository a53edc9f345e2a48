import { pino } from "pino";
import { expect, test } from "vitest";
import { cancelUnwantedRecorders, reviewVisits } from "#records/bot-visits/cancel-unwanted.ts";
import { sweepRecorders } from "#records/bot-visits/sweep.ts";
import { occurrence } from "#tests/calendars/calendar-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "#tests/web/server.ts";
import { inMinutes, newPlace, recordsAll } from "./joining.ts";

const log = pino({ level: "silent" });
const events = (count: number) =>
  Array.from({ length: count }, (_, at) => occurrence({ uid: `${at}`, meeting: newPlace(), startsAt: inMinutes(5) }));

test("what one person's calendar brought is ordered for that person alone: others' passes are not made with it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ann, bob] = [await recordsAll({ db, web }, events(2)), await recordsAll({ db, web }, events(2))];
  await reviewVisits(db.prisma, ann.person.userId, "attendee");
  const owners = async () => (await db.prisma.run.findMany()).map(({ ownerId }) => ownerId);
  expect(new Set(await owners())).toEqual(new Set([ann.person.userId]));
  await sweepRecorders(db.prisma, { provider: "attendee", log });
  expect((await owners()).filter((id) => id === bob.person.userId)).toHaveLength(2);
});

test("B-74 B-91 one pass orders all that is due, and passes at the same time order nothing twice", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const due = 520;
  await recordsAll({ db, web }, events(due));
  const pass = () => sweepRecorders(db.prisma, { provider: "attendee", log });
  const [one, other] = await Promise.all([pass(), pass()]);
  expect(one.ordered + other.ordered).toBe(due);
  expect(await db.prisma.recorder.count()).toBe(due);
  expect(await pass()).toEqual({ ordered: 0 });
});

test("B-23 a pass says in the log how many bots it ordered, and every decision stands in the person's log", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { person } = await recordsAll({ db, web }, events(3));
  const lines: object[] = [];
  const kept = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line) as object) });
  await sweepRecorders(db.prisma, { provider: "attendee", log: kept });
  expect(lines).toMatchObject([{ msg: "bots ordered", ordered: 3 }]);
  const { items } = await person.json<{ items: object[] }>("/api/calendar/auto-join/logs");
  expect(items.length).toBeGreaterThanOrEqual(3);
});

test("a pass calls off the visit that nobody wants, however many wait before it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { calendar } = await recordsAll({ db, web }, events(502));
  await sweepRecorders(db.prisma, { provider: "attendee", log });
  const last = await db.prisma.recorder.findFirstOrThrow({ orderBy: { id: "desc" }, include: { watches: true } });
  const where = { id: last.watches[0]!.eventId, calendarId: calendar };
  await db.prisma.calendarEvent.updateMany({ where, data: { removedAt: new Date() } });
  await cancelUnwantedRecorders(db.prisma);
  const asked = await db.prisma.run.findMany({ where: { OR: [{ cancelRequested: true }, { status: "cancelled" }] } });
  expect(asked.map(({ id }) => id)).toEqual([last.runId]);
});
