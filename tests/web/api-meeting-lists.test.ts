import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { post } from "./requests.ts";
import { startWeb } from "./server.ts";
import type { TestPerson } from "./server.ts";

interface Page {
  items: { name: string }[];
  nextCursor: string | null;
}
const list = async (person: TestPerson, query = "") =>
  (await person.json<Page>(`/api/meetings${query}`)).items.map(({ name }) => name);
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

test("A-13 lists are narrowed by the six statuses, by agent and by words, and show a stranger nothing", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const add = (name: string) => addMeeting(db.prisma, ada, { name });
  await add("to come");
  const active = await add("in its call");
  await active.begin();
  const processing = await add("worked on");
  const completed = await add("done");
  const failed = await add("broken");
  const retried = await add("tried again");
  const cancelled = await add("called off");
  for (const meeting of [processing, completed, failed, retried]) {
    await meeting.begin();
    await meeting.say();
    await meeting.end();
  }
  await completed.complete();
  await failed.fail("Broken");
  await retried.fail("Broken");
  for (const action of [`${retried.id}/retry`, `${cancelled.id}/cancel`]) {
    expect((await post(web, ada, `/api/meetings/${action}`, {})).status).toBe(202);
  }
  expect(await list(ada, "?status=upcoming")).toEqual(["to come"]);
  expect(await list(ada, "?status=active")).toEqual(["in its call"]);
  // A retry waits with its call long over: that is no meeting to come.
  expect(await list(ada, "?status=processing")).toEqual(["tried again", "worked on"]);
  expect(await list(ada, "?status=completed")).toEqual(["done"]);
  expect(await list(ada, "?status=failed")).toEqual(["broken"]);
  expect(await list(ada, "?status=cancelled")).toEqual(["called off"]);
  expect(await list(ada)).toHaveLength(7);
  expect(await list(ada, `?agentId=${failed.agentId}`)).toEqual(["broken"]);
  expect(await list(ada, "?q=ROKE")).toEqual(["broken"]);
  expect(await list(ada, "?q=half%20an%20hour&status=failed")).toEqual(["broken"]);
  expect(await list(bob)).toEqual([]);
});

test("lists are paged without loss or repeat: the newest first, those to come by their time", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const { id: agentId } = await ada.json<{ id: string }>("/api/agents", { method: "POST", body: { name: "Iris" } });
  const at = inMinutes(300);
  const times = [inMinutes(600), null, at, at, inMinutes(60), null, at];
  for (const [index, scheduledAt] of times.entries()) {
    await ada.json("/api/meetings", { method: "POST", body: { name: String(index), agentId, scheduledAt } });
  }
  const walk = async (query: string) => {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await ada.json<Page>(`/api/meetings?limit=2${query}${after}`);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    return seen.join(" ");
  };
  expect(await walk("")).toBe("6 5 4 3 2 1 0");
  expect(await walk("&status=upcoming")).toBe("5 1 4 6 3 2 0");
});
