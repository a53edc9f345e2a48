import { changePreferences } from "#records/calendars/changes.ts";
import { occurrence, openPolicy } from "#tests/calendars/calendar-fixtures.ts";
import { syncedCalendar } from "#tests/calendars/synced-calendar.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "../server.ts";
import type { TestPerson } from "../server.ts";

/** The server with its built pages, and what people do with those of the calendar. */
export async function startCalendarPages(settings: Record<string, string> = {}) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings: { NODE_ENV: "production", ...settings } });
  const get = (path: string, { cookie }: TestPerson) =>
    fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie } });
  return {
    prisma: db.prisma,
    deps: web.deps,
    signUp: web.signUp,
    get,
    /** What a reader sees: without scripts, and without the comments that keep neighbouring texts apart. */
    html: async (path: string, person: TestPerson) =>
      (await (await get(path, person)).text()).replaceAll(/<script.*?<\/script>|<!-- -->/gs, ""),
    act(path: string, fields: Record<string, string | Blob>, { cookie }: TestPerson) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      const headers = { cookie, origin: web.url };
      return fetch(`${web.url}${path}`, { method: "POST", redirect: "manual", headers, body });
    },
    recordAll: (userId: string) => changePreferences(db.prisma, userId, { auto_record_enabled: true }, openPolicy),
    /** A new person with a calendar that lists these events. */
    async personWith(...events: Parameters<typeof occurrence>[0][]) {
      const ada = await web.signUp();
      const work = await syncedCalendar(db.prisma, ada);
      const rows = await work.list(events.map((each, index) => occurrence({ uid: `event-${index}`, ...each })));
      return { ada, work, rows };
    },
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
