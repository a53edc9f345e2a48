import { afterAll, beforeAll, expect, test } from "vitest";
import { reviewWorkflowId } from "#domain/ids.ts";
import { addChannel, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

/** An episode that is held, of a channel that does `reviewThen` in the end. */
async function held(title: string, reviewThen: string) {
  const { web, host, db, client } = system;
  const ann = await web.signUp();
  host.episodes.length = 0;
  const file = `${title.replaceAll(" ", "-")}.wav`;
  host.add({ guid: title, title, file, type: "audio/wav", publishedAt: new Date() }, soundFile());
  const { id: channelId } = await addChannel(ann, host.feedUrl, { last: 1, mode: "hold" });
  await ann.json(`/api/channels/${channelId}`, { method: "PATCH", body: { reviewThen } });
  const [job] = await jobsBecome(ann, channelId, { [title]: "completed" }, 60_000);
  const { id } = await db.prisma.episode.findFirstOrThrow({ where: { videoId: job?.videoId ?? "" } });
  return {
    ann,
    id,
    channelId,
    episode: () => ann.json<{ state: string; revision: number; reviewUntil: string | null }>(`/api/episodes/${id}`),
    ask: (path: string, body?: object) =>
      ann.json(`/api/episodes/${id}/${path}`, { method: "POST", ...(body === undefined ? {} : { body }) }),
    waits: (revision = 1) => {
      const read = async () => {
        const found = client.workflow.getHandle(reviewWorkflowId(id, revision)).describe();
        return found.then(({ status }) => status.name).catch(() => null);
      };
      return expect.poll(read, { timeout: 20_000 });
    },
    endsIn: (ms: number) =>
      db.prisma.episode.update({ where: { id }, data: { reviewUntil: new Date(Date.now() + ms) } }),
    hint: () =>
      db.prisma.outbox.updateMany({
        where: { kind: "review.changed", partitionKey: `review:${id}` },
        data: { state: "new" },
      }),
  };
}

test("a held episode waits in a workflow of its own, which ends as a person decides; another cut begins another", async () => {
  const at = await held("Decided", "publish");
  await at.waits().toBe("RUNNING");
  expect(await at.episode()).toMatchObject({ state: "held", reviewThen: "publish", reviewUntil: expect.any(String) });
  await at.ask("cut", { start: 1, end: 3.5 });
  await expect.poll(async () => (await at.episode()).revision, { timeout: 60_000 }).toBe(2);
  await at.waits(1).toBe("COMPLETED");
  await at.waits(2).toBe("RUNNING");
  await at.ask("publish");
  await at.waits(2).toBe("COMPLETED");
  expect(await at.episode()).toMatchObject({ state: "published", reviewUntil: null });
});

test("a worker that was away at the end makes up for it, once, however often it is hinted at", async () => {
  const at = await held("Left alone", "publish");
  await at.waits().toBe("RUNNING");
  await system.stopWorker();
  await at.endsIn(-1_000);
  await at.hint();
  await system.startWorker();
  await expect.poll(async () => (await at.episode()).state, { timeout: 20_000 }).toBe("published");
  await at.waits().toBe("COMPLETED");
  const { publishedAt } = await system.db.prisma.episode.findUniqueOrThrow({ where: { id: at.id } });
  // A hint that comes late finds nothing to do, and begins nothing.
  await at.hint();
  const open = () => system.db.prisma.outbox.count({ where: { partitionKey: `review:${at.id}`, state: "new" } });
  await expect.poll(open, { timeout: 20_000 }).toBe(0);
  await at.waits().toBe("COMPLETED");
  const after = await system.db.prisma.episode.findUniqueOrThrow({ where: { id: at.id } });
  expect([after.state, after.publishedAt]).toEqual(["published", publishedAt]);
});

test("a decision whose hint is lost stands, and a deletion ends the wait", async () => {
  const at = await held("Not told", "publish");
  await at.waits().toBe("RUNNING");
  // Decided, and the word of it is lost.
  const { prisma } = system.db;
  await prisma.episode.update({ where: { id: at.id }, data: { state: "discarded", reviewUntil: null } });
  await at.hint();
  await at.waits().toBe("COMPLETED");
  expect(await at.episode()).toMatchObject({ state: "discarded" });

  const gone = await held("Deleted", "publish");
  await gone.waits().toBe("RUNNING");
  const { headers } = gone.ann;
  const deleted = await fetch(`${system.web.url}/api/channels/${gone.channelId}`, { method: "DELETE", headers });
  expect(deleted.status).toBe(204);
  await gone.waits().toBe("COMPLETED");
});
