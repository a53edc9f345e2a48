import { afterAll, beforeAll, expect, test } from "vitest";
import { storeDetectedSpeech } from "#records/runs/detected-speech.ts";
import { changeEpisode, episodeIdOf } from "#records/channels/episodes.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";
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

const channelOf = (person: TestPerson) => addChannel(pages.prisma, person);

test("D-28 episodes are shown published and not, with the reason, their length, and the way to hear and read them", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const [held, out] = [await channel.queue("Held talk"), await channel.queue("Published talk")];
  await held.complete();
  await out.complete();
  await changeEpisode(pages.prisma, { userId: ada.userId, id: episodeIdOf(out.videoId) }, "publish");
  const episodes = section(await pages.html(channel.path, ada), "episodes");
  expect(episodes).toMatch(/Held talk.*?>Held<.*?Nobody has listened to it yet\..*?0:44/s);
  expect(episodes).toMatch(/Published talk.*?>Published</s);
  expect(episodes).toContain(
    `<audio controls="" preload="none" src="/api/episodes/${episodeIdOf(held.videoId)}/audio"`,
  );
  expect(episodes).toContain(`href="/recordings/${held.videoId}"`);
});

test("a listener's address is made on its channel's page, shown once and revoked there", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const made = await pages.act(channel.path, { intent: "addListener", name: "Bo <b>" }, ada);
  const [, key = "none"] = /podcasts\/([\w-]{43})\/feed\.xml/.exec(await made.text()) ?? [];
  expect([made.status, key]).toEqual([200, expect.stringMatching(/^[\w-]{43}$/)]);
  const shown = section(await pages.html(channel.path, ada), "listeners");
  expect(shown).toContain("Bo &lt;b&gt;");
  expect(shown).not.toContain(key);
  const nobody = await pages.act(channel.path, { intent: "addListener", name: " " }, ada);
  expect([nobody.status, await nobody.text()]).toEqual([400, expect.stringContaining("Say whom it is for.")]);
  const { id: listenerId } = await pages.prisma.podcastListener.findFirstOrThrow({ where: { channelId: channel.id } });
  const revoke = () => pages.act(channel.path, { intent: "removeListener", listenerId }, ada);
  expect([(await revoke()).status, (await revoke()).status]).toEqual([200, 404]);
});

test("a private podcast's page does not show the address that answers nobody", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const address = /value="[^"]*\/feed\.xml"/;
  const shown = async () => section(await pages.html(channel.path, ada), "listeners");
  expect(await shown()).toMatch(address);
  const settings = { intent: "settings", title: "Talks", language: "", mode: "sure", category: "" };
  const hidden = await pages.act(channel.path, { ...settings, visibility: "private" }, ada);
  expect([hidden.status, await hidden.text()]).toEqual([200, expect.stringContaining("Saved.")]);
  expect(await shown()).toContain("This podcast is private");
  expect(await shown()).not.toMatch(address);
});

test("an episode is published, withdrawn and discarded on its channel's page, which says what its state does not allow", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Long talk");
  await job.complete();
  const episodeId = episodeIdOf(job.videoId);
  const buttons = async () =>
    [...section(await pages.html(channel.path, ada), "episodes").matchAll(/<button[^>]*>([^<]+)/g)].map(
      ([, words]) => words,
    );
  expect(section(await pages.html(channel.path, ada), "listeners")).toContain("Nothing is published yet");
  const ask = async (intent: string) => (await pages.act(channel.path, { intent, episodeId }, ada)).status;
  expect(await buttons()).toEqual(["Publish", "Discard"]);
  expect([await ask("publish"), await buttons()]).toEqual([200, ["Withdraw"]]);
  const forListeners = section(await pages.html(channel.path, ada), "listeners");
  expect(forListeners).toMatch(/value="https?:[^"]*\/podcasts\/[\w-]{22}\/feed\.xml"/);
  expect(forListeners).not.toContain("Nothing is published yet");
  const again = await pages.act(channel.path, { intent: "publish", episodeId }, ada);
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("It is published already.")]);
  expect([await ask("withdraw"), await buttons()]).toEqual([200, ["Publish again", "Discard"]]);
  expect([await ask("discard"), await buttons()]).toEqual([200, ["Publish"]]);
  const other = await channelOf(ada);
  expect((await pages.act(other.path, { intent: "publish", episodeId }, ada)).status).toBe(404);
});

test("a held episode's page says why, each value beside what is wanted, and leads to the words; the API tells the same", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Short talk");
  const said = await job.completeJudged();
  const id = episodeIdOf(job.videoId);
  const path = `${channel.path}/episodes/${id}`;
  expect(section(await pages.html(channel.path, ada), "episodes")).toContain(`href="${path}"`);
  expect(await pages.html(`/recordings/${job.videoId}`, ada)).toContain(`href="${path}"`);
  const page = await pages.html(path, ada);
  const reasons = section(page, "reasons");
  expect(reasons).toMatch(/Why it is held.*?Holds it back.*?Length.*?0:26, wanted 1:00.*?60 are wanted/s);
  expect(reasons).toMatch(
    /Speaks for it.*?One clear block.*?100 %, wanted 60 %.*?Evidence at 0:00.*?Evidence at 0:18/s,
  );
  expect(section(page, "transcript")).toContain(`data-segment="${said[1]}"`);
  expect(page).toContain(`src="/api/recordings/${job.videoId}/audio"`);
  expect(page).not.toMatch(/data-voice|underlined where somebody speaks/);
  // Where it is known, the waveform says where somebody speaks, without gaps that nobody could see.
  const voice = [
    { start: 0.2, end: 8, quiet: [4] },
    { start: 8.4, end: 17, quiet: [] },
    { start: 18.2, end: 26, quiet: [] },
  ];
  await storeDetectedSpeech(pages.prisma, job.videoId, voice);
  const underlined = await pages.html(path, ada);
  expect(underlined.match(/data-voice/g)).toHaveLength(2);
  expect(section(underlined, "reasons")).toContain("underlined where somebody speaks");
  expect(page).toContain(`src="/api/episodes/${id}/audio"`);
  const { decision } = await ada.json<{ decision: { should_autopublish: boolean; reasons: object[] } }>(
    `/api/episodes/${id}`,
  );
  expect(decision).toMatchObject({ should_autopublish: false });
  expect(decision.reasons).toContainEqual(
    expect.objectContaining({
      name: "length",
      isMet: false,
      value: 26.3,
      threshold: 60,
      segmentIds: [said[0], said[2]],
    }),
  );
});

test("an episode's page says why its chapters are not its source's own, where there is something to say", async () => {
  const ada = await pages.signUp();
  const channel = await channelOf(ada);
  const job = await channel.queue("Short talk");
  await job.completeJudged();
  const { videoId } = job;
  const sound = async () =>
    section(await pages.html(`${channel.path}/episodes/${episodeIdOf(videoId)}`, ada), "sound").replace(
      /<!-- -->/g,
      "",
    );
  expect(await sound()).not.toContain("<p");
  const chaptersNote = "The source's own chapters are missing, since a.example answered 404; the episode has none.";
  await pages.prisma.episodeDecision.updateMany({ where: { videoId }, data: { chaptersNote } });
  expect(await sound()).toMatch(/<p [^>]*>The source&#x27;s own chapters .*?a\.example answered 404/);
});

test("an episode's page is for whoever may see its channel, below that channel alone; viewers change nothing there", async () => {
  const [ada, eve, vic] = [await pages.signUp(), await pages.signUp(), await pages.signUp()];
  const [channel, other] = [await channelOf(ada), await addChannel(pages.prisma, ada, { title: "Other" })];
  const job = await channel.queue("Long talk");
  await job.complete();
  const id = episodeIdOf(job.videoId);
  const path = `${channel.path}/episodes/${id}`;
  await pages.prisma.membership.create({ data: { workspaceId: ada.workspaceId, userId: vic.userId, role: "viewer" } });
  const publish = async (at: string, person: TestPerson) => (await pages.act(at, { intent: "publish" }, person)).status;
  for (const [at, person] of [
    [path, eve],
    [`${other.path}/episodes/${id}`, ada],
    [`${channel.path}/episodes/${job.videoId}`, ada],
    [`${channel.path}/episodes/x`, ada],
  ] as const) {
    expect([(await pages.get(at, person)).status, await publish(at, person)]).toEqual([404, 404]);
  }
  const seen = await pages.html(path, vic);
  expect(seen).toContain("Nothing has judged it.");
  expect([/>Publish</.test(seen), await publish(path, vic)]).toEqual([false, 403]);
  expect([await publish(path, ada), await publish(path, ada)]).toEqual([200, 409]);
  const published = await pages.html(path, ada);
  expect(published).toMatch(/Withdraw.*?What was judged/s);
});
