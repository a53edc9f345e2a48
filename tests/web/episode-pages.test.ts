import { afterAll, beforeAll, expect, test } from "vitest";
import { changeEpisode, episodeIdOf } from "#records/channels/episodes.ts";
import { startCalendarPages } from "./calendar-web.ts";
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
