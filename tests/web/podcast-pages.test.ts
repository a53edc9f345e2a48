import { afterAll, beforeAll, expect, test } from "vitest";
import { episodeIdOf } from "#records/channels/episodes.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { addChannel } from "./podcast-fixtures.ts";
import type { TestPerson } from "./server.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

/** The part of a page that stands under a heading. */
const section = (text: string, id: string) =>
  text.match(new RegExp(`<section aria-labelledby="${id}".*?</section>`, "s"))?.[0] ?? "";

const channelOf = (person: TestPerson, how?: Parameters<typeof addChannel>[2]) => addChannel(pages.prisma, person, how);

const url = "https://podcast.example.com/feed.xml";
const draft = { url, rights: "on", language: "en", mode: "hold", last: "3" };

test("without a channel the page says what it does and how to begin; the way there is in the navigation", async () => {
  const ada = await pages.signUp();
  const text = await pages.html("/podcasts", ada);
  expect(text).toContain("No channel yet");
  expect(text).toMatch(/href="\/podcasts\/new"[^>]*>.*?Add a channel/s);
  expect(await pages.html("/recordings", ada)).toMatch(/<a[^>]*href="\/podcasts"[^>]*>.*?Podcasts/s);
});

test("a channel is added by its feed's address, and its page is shown", async () => {
  const ada = await pages.signUp();
  const answer = await pages.act("/podcasts/new", draft, ada);
  const channel = await pages.prisma.channel.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, `/podcasts/${channel.id}`]);
  expect(channel).toMatchObject({ url, ownerId: ada.userId, language: "en", mode: "hold", startsLast: 3 });
  expect(channel.title).toBe("podcast.example.com");
  expect(await pages.html(`/podcasts/${channel.id}`, ada)).toContain("To be looked at in a moment");
});

test.each([
  ["url", "", "This is no address such as"],
  ["url", "ftp://podcast.example.com/feed", "This is no address such as"],
  ["url", "https://ada:secret@podcast.example.com/feed", "without a user and a password"],
  ["rights", "off", "Say that you may republish what the channel holds."],
  ["language", "?", "This is no language such as"],
  ["language", "und", "This is no language such as"],
  ["last", "21", "Give a whole number from 0 to 20."],
  ["last", "many", "Give a whole number from 0 to 20."],
  ["mode", "never", "Choose one of these."],
  ["workspaceId", "00000000-0000-7000-8000-000000000000", "You cannot add to this workspace."],
])(
  "no channel is added with a wrong %s (%s): the form says why, and keeps what was typed",
  async (field, value, words) => {
    const ada = await pages.signUp();
    const fields = { ...draft, [field]: value };
    const answer = await pages.act("/podcasts/new", fields, ada);
    const text = await answer.text();
    expect([answer.status, text]).toEqual([400, expect.stringContaining(words)]);
    const kept = { url: `value="${fields.url}"`, last: `value="${fields.last}"` };
    for (const typed of Object.values(kept)) expect(text).toContain(typed);
    expect(await pages.prisma.channel.count({ where: { workspaceId: ada.workspaceId } })).toBe(0);
  },
);

test("the list tells how each channel stands, what it has come to, and nothing of its address but the host", async () => {
  const ada = await pages.signUp();
  const [talks, broken] = [await channelOf(ada), await channelOf(ada, { title: "Broken" })];
  await talks.lookedAt();
  await (await talks.queue("One")).complete();
  await (await talks.queue("Two")).begin();
  await broken.notReadable("not_a_feed");
  const text = await pages.html("/podcasts", ada);
  expect(text).toContain(`href="/podcasts/${talks.id}"`);
  expect(text).toContain("1 episode, 1 job at work");
  expect(text).toMatch(/Looked at <time/);
  expect(text).toContain("It cannot be read");
  expect(text).toContain("podcast.example.com/feed.xml is no feed. Give the address of an RSS");
  expect(text).not.toContain("key=secret");
  expect(await pages.html(broken.path, ada)).toContain("is no feed. Give the address of an RSS");
});

test("D-24 D-25 D-26 D-27 D-28 a channel's page has its figures, the jobs at work, all jobs, and its episodes", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  await channel.lookedAt();
  await (await channel.queue("Done talk")).complete();
  await (await channel.queue("Failed talk")).fail("No answer came.");
  await (await channel.queue("Running talk")).begin();
  await channel.find("Idle talk");
  const text = await pages.html(channel.path, ada);
  expect(text).toContain("podcast.example.com/feed.xml");
  const figures = text.match(/<dl aria-label="Figures".*?<\/dl>/s)?.[0] ?? "";
  const shown = [...figures.matchAll(/<dt[^>]*>(.*?)<\/dt><dd[^>]*>(.*?)<\/dd>/gs)].map(([, name, value]) => [
    name,
    value,
  ]);
  expect(shown).toEqual([
    ["Total videos", "3"],
    ["Episodes", "1"],
    ["Success rate", "33.33 %"],
    ["Active jobs", "1"],
    ["Failed jobs", "1"],
  ]);
  expect(section(text, "active-jobs")).toMatch(/Running talk/);
  expect(section(text, "active-jobs")).not.toMatch(/Done talk|Failed talk/);
  for (const title of ["Done talk", "Failed talk", "Running talk"]) expect(section(text, "jobs")).toContain(title);
  expect(section(text, "episodes")).toContain("Done talk");
  expect(section(text, "idle")).toContain("Idle talk");
});

test("D-29 D-30 a job's card has title, stage, a bar as wide as its progress, and when it was begun", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Long talk");
  await job.begin();
  await job.move({ type: "stage", stage: "transcription" });
  await pages.prisma.run.update({ where: { id: job.id }, data: { createdAt: new Date("2026-11-28T09:30:00Z") } });
  const card = section(await pages.html(channel.path, ada), "jobs");
  expect(card).toContain("Long talk");
  expect(card).toContain("Transcribe and analyse");
  expect(card).toMatch(/aria-valuenow="50"[^>]*>.*?width:50%/s);
  // The server knows no time zone of the reader; the browser writes the same moment in theirs.
  expect(card).toMatch(/Started <time dateTime="2026-11-28T09:30:00.000Z"[^>]*>28 Nov 2026, 09:30 UTC/);
});

test("D-57 D-58 the panel says when nothing runs, else each job's message, percentage, bar and stage", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  expect(section(await pages.html(channel.path, ada), "active-jobs")).toContain("Nothing is being processed.");
  const job = await channel.queue("Long talk");
  await job.begin();
  const panel = section(await pages.html(channel.path, ada), "active-jobs");
  expect(panel).toMatch(/>Active jobs<.*?>10 %<.*?Downloading…/s);
  expect(panel).toMatch(/aria-valuetext="10 percent, Download"[^>]*>.*?duration-300/s);
  expect(panel).toContain("animate-glow");
});

test("D-70 a job that failed says why and is retried from its card; one at work is cancelled", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Long talk");
  const status = async () => (await pages.prisma.run.findUniqueOrThrow({ where: { id: job.id } })).status;
  await job.begin();
  await job.move({ type: "stage", stage: "transcription" });
  await job.fail("No answer came.");
  const failed = section(await pages.html(channel.path, ada), "jobs");
  expect(failed).toMatch(/No answer came\..*?Transcribe and analyse/s);
  expect(failed).toContain('name="intent" value="retry"');
  expect((await pages.act(channel.path, { intent: "retry", jobId: job.id }, ada)).status).toBe(200);
  expect(await status()).toBe("pending");
  const again = await pages.act(channel.path, { intent: "retry", jobId: job.id }, ada);
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("cannot be retried")]);
  expect((await pages.act(channel.path, { intent: "cancel", jobId: job.id }, ada)).status).toBe(200);
  expect(await status()).toBe("cancelled");
  expect(section(await pages.html(channel.path, ada), "jobs")).toContain("Cancelled");
});

test("what was not begun is listed, skipped items with the reason, and becomes an episode when it is asked for", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const videoId = await channel.find("Old talk");
  await pages.prisma.video.update({
    where: { id: videoId },
    data: { state: "skipped", reason: "Shorter than a minute" },
  });
  expect(section(await pages.html(channel.path, ada), "idle")).toMatch(/<details open.*?Old talk.*?Skipped: Shorter/s);
  const ask = () => pages.act(channel.path, { intent: "makeEpisode", videoId }, ada);
  expect((await ask()).status).toBe(200);
  expect(section(await pages.html(channel.path, ada), "active-jobs")).toContain("Old talk");
  const again = await ask();
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("It has a job already")]);
  for (let each = 0; each < 6; each += 1) await channel.find(`Talk ${each}`);
  expect(section(await pages.html(channel.path, ada), "idle")).toContain("<details class");
});

test("jobs and episodes are listed page by page, and an address that means no page shows the first", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  for (let each = 0; each < 21; each += 1) await (await channel.queue(`Talk ${each}.`)).complete();
  const titles = async (query: string, id: string) =>
    [...section(await pages.html(`${channel.path}?${query}`, ada), id).matchAll(/>(Talk \d+\.)<\/a>/g)].map(
      ([, name]) => name,
    );
  for (const list of ["jobs", "episodes"]) {
    const [first, second] = [await titles("", list), await titles(`${list}=2`, list)];
    expect([first.length, second]).toEqual([20, ["Talk 0."]]);
    expect(await titles(`${list}=-1`, list)).toEqual(first);
    expect(await titles(`${list}=99`, list)).toEqual([]);
  }
});

test("a channel is looked at, paused, resumed, and changed; a wrong change says why beside its field", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  await channel.lookedAt();
  const row = () => pages.prisma.channel.findUniqueOrThrow({ where: { id: channel.id } });
  const before = await row();
  expect((await pages.act(channel.path, { intent: "checkNow" }, ada)).status).toBe(200);
  expect((await row()).requestedAt.getTime()).toBeGreaterThan(before.requestedAt.getTime());
  await pages.act(channel.path, { intent: "pause" }, ada);
  expect(await pages.html(channel.path, ada)).toMatch(/Paused, last looked at <time.*?value="resume"/s);
  await pages.act(channel.path, { intent: "resume" }, ada);
  expect((await row()).pausedAt).toBeNull();
  const settings = { intent: "settings", title: "Mine", url: before.url ?? "", language: "de", mode: "all" };
  await pages.prisma.channel.update({ where: { id: channel.id }, data: { etag: "kept" } });
  expect((await pages.act(channel.path, settings, ada)).status).toBe(200);
  // The same address is no other one: what is known of it stays.
  expect(await row()).toMatchObject({ title: "Mine", language: "de", mode: "all", url: before.url, etag: "kept" });
  await pages.act(channel.path, { ...settings, url: "https://other.example.com/feed" }, ada);
  expect(await row()).toMatchObject({ url: "https://other.example.com/feed", etag: null });
  const wrong = await pages.act(`${channel.path}.data`, { ...settings, url: "no address", title: "" }, ada);
  const text = await wrong.text();
  expect([wrong.status, text]).toEqual([400, expect.stringContaining("This is no address such as")]);
  expect(text).toContain("This must not be empty.");
});

test("deleting a channel says what goes with it, and leads back to the list", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Long talk");
  const answer = await pages.act(channel.path, { intent: "delete" }, ada);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/podcasts"]);
  expect((await pages.get(channel.path, ada)).status).toBe(404);
  expect(await pages.prisma.conversation.count({ where: { id: job.videoId } })).toBe(0);
});

test("viewers only see a channel, without its whole address; strangers do not know of it", async () => {
  const [ada, viewer, stranger] = [await pages.signUp(), await pages.signUp(), await pages.signUp()];
  await joinWorkspace({ inviter: ada, workspaceId: ada.workspaceId }, viewer, "viewer");
  const channel = await channelOf(ada);
  const job = await channel.queue("Long talk");
  const videoId = await channel.find("Idle talk");
  expect(await pages.html(channel.path, ada)).toContain("Look now");
  const answer = await pages.get(channel.path, viewer);
  const text = await answer.text();
  expect(text).toContain("Long talk");
  expect(text).not.toMatch(/Look now|Make an episode|Pause<|Settings of|key=secret|Cancel<span/);
  const asked: Record<string, string>[] = [
    ...["checkNow", "pause", "resume", "settings", "delete"].map((intent) => ({ intent })),
    { intent: "makeEpisode", videoId },
    { intent: "cancel", jobId: job.id },
    { intent: "retry", jobId: job.id },
    ...["publish", "withdraw", "discard"].map((intent) => ({ intent, episodeId: episodeIdOf(job.videoId) })),
  ];
  for (const fields of asked) {
    expect([fields["intent"], (await pages.act(channel.path, fields, viewer)).status]).toEqual([fields["intent"], 403]);
    expect([fields["intent"], (await pages.act(channel.path, fields, stranger)).status]).toEqual([
      fields["intent"],
      404,
    ]);
  }
  expect((await pages.get(channel.path, stranger)).status).toBe(404);
  expect(await pages.html("/podcasts", stranger)).not.toContain("Harbour talks");
  const inAdas = { ...draft, workspaceId: ada.workspaceId };
  expect((await pages.act("/podcasts/new", inAdas, viewer)).status).toBe(400);
  const other = await channelOf(stranger);
  // A job of another channel is none of this one's, whoever asks.
  expect((await pages.act(other.path, { intent: "cancel", jobId: job.id }, stranger)).status).toBe(404);
});

test.each(["", "nothing", "makeEpisode", "retry", "publish"])(
  "a channel's page refuses the form “%s”",
  async (intent) => {
    const ada = await pages.signUp();
    const { path } = await channelOf(ada);
    expect((await pages.act(path, { intent }, ada)).status).toBe(400);
  },
);

test("a video's page works before its file is there, leads back to its channel, and is not transcribed again", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada, { title: "Harbour <b>talks</b>" });
  const job = await channel.queue("<img src=x>");
  const path = `/recordings/${job.videoId}`;
  const before = await pages.html(path, ada);
  expect(before).toContain("Its file was not fetched yet");
  expect(before).toMatch(new RegExp(`href="${channel.path}".*?Harbour &lt;b&gt;talks&lt;/b&gt;`, "s"));
  expect(before).toContain("&lt;img src=x&gt;");
  expect(before).toContain("Make the episode&#x27;s audio");
  await job.complete();
  const after = await pages.html(path, ada);
  expect(after).toContain("item.mp3");
  expect(after).toContain('aria-label="Player"');
  expect(after).not.toMatch(/Transcribe again|Change when it was recorded/);
  expect((await pages.act(path, { intent: "transcribe", language: "en", speakers: "" }, ada)).status).toBe(404);
  const gone = await pages.act(path, { intent: "delete" }, ada);
  expect([gone.status, gone.headers.get("location")]).toEqual([302, channel.path]);
  expect(section(await pages.html(channel.path, ada), "episodes")).toContain("No episode yet");
});
