import { afterAll, beforeAll, expect, test } from "vitest";
import { addFinished } from "#tests/e2e/fixtures.ts";
import { ageOf, saveWorkerTools } from "#records/channels/worker-tools.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

test("a channel of own files is added by a title, and its page takes files and recordings, and looks at nothing", async () => {
  const ada = await pages.signUp();
  const other = await pages.signUp();
  expect(await pages.html("/podcasts/new", ada)).toMatch(/checked="" value="feed".*?value="upload"/s);
  const untitled = await pages.act("/podcasts/new", { source: "upload", title: "", url: "", rights: "on" }, ada);
  expect(untitled.status).toBe(400);
  expect(await untitled.text()).toMatch(/checked="" value="upload"/);
  const own = { source: "upload", title: "Our talks", url: "", last: "", rights: "on", mode: "hold" };
  const answer = await pages.act("/podcasts/new", own, ada);
  const path = answer.headers.get("location") ?? "";
  expect([answer.status, path]).toEqual([302, expect.stringMatching(/^\/podcasts\/[0-9a-f-]{36}$/)]);
  const channel = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
  expect(channel).toMatchObject({ source: "upload", title: "Our talks", url: null, mode: "hold" });
  expect(await pages.prisma.outbox.count({ where: { partitionKey: channel.id } })).toBe(0);

  const text = await pages.html(path, ada);
  expect(text).toContain("Add a video");
  expect(text).toContain("Nothing to look at: files are put into it by hand");
  // React parts texts by comments.
  expect(text.replaceAll("<!-- -->", "")).toContain("Nothing is being processed. What is added next starts here.");
  for (const words of ["Look now", "Pause", "Not begun"]) expect(text).not.toContain(words);

  const recording = await addFinished(pages.deps, ada);
  const add = { intent: "addRecording", recordingId: recording.id };
  const added = await pages.act(path, add, ada);
  expect([added.status, await added.text()]).toEqual([200, expect.stringContaining("It is in line.")]);
  const again = await pages.act(path, add, ada);
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("The channel has it already.")]);
  const theirs = await addFinished(pages.deps, other);
  expect((await pages.act(path, { ...add, recordingId: theirs.id }, ada)).status).toBe(409);
  expect(await pages.prisma.run.count({ where: { channelId: channel.id } })).toBe(1);
});

const inForm = {
  includeWords: "talk\r\nsermon\r\n",
  excludeWords: "notices",
  minSeconds: "1.5",
  maxSeconds: "90",
  maxAgeDays: "30",
  keepLast: "10",
};
const filters = {
  includeWords: ["talk", "sermon"],
  excludeWords: ["notices"],
  minSeconds: 90,
  maxSeconds: 5400,
  maxAgeDays: 30,
  keepLast: 10,
};

test("filters are said in the form of a new channel and changed in its settings, and other forms leave them", async () => {
  const ada = await pages.signUp();
  const draft = { source: "feed", url: "https://podcast.example.com/feed.xml", rights: "on" };
  const wrong = await pages.act("/podcasts/new", { ...draft, ...inForm, maxAgeDays: "old", minSeconds: "100" }, ada);
  const text = await wrong.text();
  expect(wrong.status).toBe(400);
  expect(text).toContain("Give a whole number from 1 to 36500.");
  expect(text).toMatch(/<details open.*?value="old"/s);
  const path = (await pages.act("/podcasts/new", { ...draft, ...inForm }, ada)).headers.get("location") ?? "";
  const kept = async () =>
    (await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } })).filters;
  expect(await kept()).toEqual(filters);

  const change = { intent: "settings", title: "Talks", url: draft.url, mode: "hold", language: "" };
  expect((await pages.act(path, change, ada)).status).toBe(200);
  expect(await kept()).toEqual(filters);
  const none = Object.fromEntries(Object.keys(inForm).map((name) => [name, ""]));
  const upsideDown = await pages.act(path, { ...change, ...none, minSeconds: "5", maxSeconds: "4" }, ada);
  expect([upsideDown.status, await upsideDown.text()]).toEqual([
    400,
    expect.stringContaining("The shortest duration must not be over the longest."),
  ]);
  expect((await pages.act(path, { ...change, ...none }, ada)).status).toBe(200);
  const open = { minSeconds: null, maxSeconds: null, maxAgeDays: null, keepLast: null };
  expect(await kept()).toEqual({ includeWords: [], excludeWords: [], ...open });
});

test("how long a held episode waits, and what becomes of it then, is said in a channel's settings", async () => {
  const ada = await pages.signUp();
  const own = { source: "upload", title: "Our talks", url: "", last: "", rights: "on", mode: "hold" };
  const path = (await pages.act("/podcasts/new", own, ada)).headers.get("location") ?? "";
  const kept = async (more: Record<string, string>) => {
    const change = { intent: "settings", title: "Talks", mode: "hold", language: "", ...more };
    const { status } = await pages.act(path, change, ada);
    const row = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    return [status, row.reviewDays, row.reviewThen];
  };
  expect(await kept({})).toEqual([200, 7, "wait"]);
  expect(await kept({ reviewDays: "90", reviewThen: "publish" })).toEqual([200, 90, "publish"]);
  for (const wrong of ["0", "91", "1.5", "", "soon", "-1", "1e99"]) {
    expect(await kept({ reviewDays: wrong, reviewThen: "discard" })).toEqual([400, 90, "publish"]);
  }
  expect(await kept({ reviewDays: "1", reviewThen: "perhaps" })).toEqual([400, 90, "publish"]);
});

test("which files a channel keeps is said in its settings: a number, or nothing for all", async () => {
  const ada = await pages.signUp();
  const own = { source: "upload", title: "Our talks", url: "", last: "", rights: "on", mode: "hold" };
  const path = (await pages.act("/podcasts/new", own, ada)).headers.get("location") ?? "";
  const kept = async (keepEpisodes: string, originalsDays: string) => {
    const change = { intent: "settings", title: "Talks", mode: "hold", language: "", keepEpisodes, originalsDays };
    const { status } = await pages.act(path, change, ada);
    const row = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    return [status, row.keepEpisodes, row.originalsDays];
  };
  expect(await kept("", "")).toEqual([200, null, null]);
  expect(await kept("50", "30")).toEqual([200, 50, 30]);
  for (const wrong of ["0", "3001", "many", "1.5"]) expect(await kept(wrong, "30")).toEqual([400, 50, 30]);
  expect(await kept("", "1")).toEqual([200, null, 1]);
});

test("whether what a source deletes is withdrawn is said in a channel's settings, and other forms leave it", async () => {
  const ada = await pages.signUp();
  const draft = { source: "feed", url: "https://podcast.example.com/deleted.xml", rights: "on" };
  const path = (await pages.act("/podcasts/new", draft, ada)).headers.get("location") ?? "";
  const change = { intent: "settings", title: "Talks", url: draft.url, mode: "hold", language: "" };
  const kept = async (said: Record<string, string>) => {
    const { status } = await pages.act(path, { ...change, ...said }, ada);
    const channel = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    return [status, channel.withdrawsDeleted];
  };
  expect(await kept({ withdrawsDeleted: "yes" })).toEqual([200, true]);
  expect(await kept({})).toEqual([200, true]);
  expect(await kept({ withdrawsDeleted: "perhaps" })).toEqual([400, true]);
  expect(await kept({ withdrawsDeleted: "no" })).toEqual([200, false]);
});

test("a channel of YouTube is added by its handle, and the address of a video is none", async () => {
  const ada = await pages.signUp();
  const form = { source: "youtube", title: "", url: "", last: "2", rights: "on", mode: "hold" };
  const refused = await pages.act("/podcasts/new", { ...form, channel: "https://youtu.be/dQw4w9WgXcQ" }, ada);
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("Give a channel of YouTube")]);
  const answer = await pages.act("/podcasts/new", { ...form, channel: "@MorningTalks" }, ada);
  expect(answer.status).toBe(302);
  const channel = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
  expect(channel).toMatchObject({ source: "youtube", url: "https://www.youtube.com/@MorningTalks", startsLast: 2 });
  expect(await pages.prisma.outbox.count({ where: { partitionKey: channel.id } })).toBe(1);
  expect(await pages.html(answer.headers.get("location") ?? "", ada)).toContain("Look now");
});

test("administrators are told with what the worker fetches videos, and how old it is; nobody else is", async () => {
  const made = await pages.signUp();
  const text = () => pages.html("/podcasts", made);
  const tools = { node: "24.21.0", python: "3.13", ytdlp: "2026.10.26" };
  await saveWorkerTools(pages.prisma, tools);
  await pages.prisma.user.update({ where: { id: made.userId }, data: { role: "user" } });
  expect(await text()).not.toContain("yt-dlp");
  await pages.prisma.user.update({ where: { id: made.userId }, data: { role: "admin" } });
  expect(await text()).toMatch(/by yt-dlp 2026\.10\.26 \(\d+ days? old\).*Python 3\.13 and Node 24\.21\.0/);
  await saveWorkerTools(pages.prisma, { ...tools, python: null, ytdlp: null });
  expect(await text()).toContain("Where the worker runs there is no yt-dlp");
  const day = (at: string) => ageOf("2026.10.26", new Date(at));
  expect([day("2026-10-26T01:00:00Z"), day("2026-11-28T23:00:00Z"), ageOf("nightly", new Date())]).toEqual([
    0,
    33,
    null,
  ]);
});
