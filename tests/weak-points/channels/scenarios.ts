import { expectEqual, expectSoon } from "../expect.ts";
import { followed } from "./followed.ts";
import type { JobsSystem } from "./system.ts";

/** One of the reference design's weak points: `run` fails where it shows, and only there. */
export interface JobsScenario {
  /** As the list of weak points numbers them. */
  number: number;
  title: string;
  run(system: JobsSystem): Promise<void>;
}

/** The jobs' stages from the episode's audio on, by what the design calls them. */
const lateStages = ["audio_processing", "uploading"];

/** A video in which nothing goes wrong: every design and every driver passes it, or its failures mean nothing. */
export async function ordinaryVideo(system: JobsSystem): Promise<void> {
  const { agentId, client, ended } = await followed(system);
  await system.publish(agentId, "A talk");
  await ended("completed");
  await expectSoon(() => client.activeJobs().length, 0, { what: "jobs at work", withinMs: system.patienceMs });
  const last = client.events.at(-1);
  expectEqual([last?.name, typeof last?.data["episodeId"]], ["job:completed", "string"], "the room's last event");
}

export const jobScenarios: JobsScenario[] = [
  {
    number: 1,
    title: "Events are not kept",
    async run(system) {
      const { agentId, begun } = await followed(system);
      system.hold("download");
      await system.publish(agentId, "A talk");
      await begun("download");
      const late = system.watch(agentId);
      await expectSoon(() => late.activeJobs().length, 1, {
        what: "jobs on the screen of who comes while one is at work",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 2,
    title: "A reconnect restores the room, not the state",
    async run(system) {
      const { agentId, client, begun, ended, connected } = await followed(system);
      system.hold("analysis");
      await system.publish(agentId, "A talk");
      await begun("analysis");
      client.disconnect();
      system.release();
      await ended("completed");
      client.connect();
      await connected(client);
      await expectSoon(() => client.activeJobs().length, 0, {
        what: "jobs on the screen after a gap in which the only one ended",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 3,
    title: "The columns of stage and progress are never written",
    async run(system) {
      const { agentId, begun, job } = await followed(system);
      system.hold("analysis");
      await system.publish(agentId, "A talk");
      await begun("analysis");
      await expectSoon(
        async () => {
          const { stage, progress } = await job();
          return { stage, isHalfway: progress >= 50 };
        },
        { stage: "ai_analysis", isHalfway: true },
        { what: "what the API says of a job that is being analysed", withinMs: system.patienceMs },
      );
    },
  },
  {
    number: 5,
    title: "A failure loses its place",
    async run(system) {
      const { agentId, client, ended, job } = await followed(system);
      system.failNext("upload", Number.POSITIVE_INFINITY);
      await system.publish(agentId, "A talk");
      await ended("failed");
      await expectSoon(() => client.events.at(-1)?.name, "job:failed", {
        what: "the room's last event",
        withinMs: system.patienceMs,
      });
      const told = String(client.events.at(-1)?.data["stage"]);
      const { stage, progress } = await job();
      expectEqual(
        {
          isStageTold: lateStages.includes(told),
          isStageKept: lateStages.includes(stage),
          isPercentKept: progress >= 70,
        },
        { isStageTold: true, isStageKept: true, isPercentKept: true },
        "what is known of a job that failed as its audio was stored",
      );
    },
  },
  {
    number: 6,
    title: "A failure that is told may not be the end",
    async run(system) {
      const { agentId, client, ended } = await followed(system);
      system.failNext("download", 1);
      await system.publish(agentId, "A talk");
      await ended("completed");
      const names = () => client.events.map(({ name }) => name);
      await expectSoon(() => names().at(-1), "job:completed", {
        what: "the room's last event",
        withinMs: system.patienceMs,
      });
      expectEqual(names().includes("job:failed"), false, "whether a failure was told of a job that was completed");
    },
  },
  {
    number: 7,
    title: "A retry repeats everything",
    async run(system) {
      const { agentId, ended } = await followed(system);
      system.failNext("upload", 1);
      await system.publish(agentId, "A talk");
      await ended("completed");
      const { body } = await system.ask(`/agents/${agentId}/stats`);
      expectEqual(
        {
          downloads: system.timesOf("download"),
          pieces: system.timesOf("analysis"),
          uploads: system.timesOf("upload"),
          episodes: (body as { totalEpisodes: number }).totalEpisodes,
        },
        { downloads: 1, pieces: 2, uploads: 2, episodes: 1 },
        "what was done for a job whose storing failed once",
      );
    },
  },
  {
    number: 8,
    title: "Storing and starting are two steps",
    async run(system) {
      for (const title of ["Old", "Older"]) system.lay(title);
      const { agentId, jobs } = await followed(system);
      await Promise.all([system.backfill(agentId), system.backfill(agentId)]);
      await expectSoon(async () => (await jobs()).filter(({ status }) => status === "completed").length >= 2, true, {
        what: "both are done",
        withinMs: system.patienceMs,
      });
      expectEqual((await jobs()).length, 2, "jobs of two videos after two backfills at once");
    },
  },
  {
    number: 9,
    title: "A backfill neither fails nor says so",
    async run(system) {
      system.lay("Old");
      const { agentId, client } = await followed(system);
      system.loseSource();
      await system.backfill(agentId);
      await expectSoon(
        () => client.events.filter(({ name }) => name.startsWith("backfill:")).map(({ name }) => name),
        ["backfill:failed"],
        { what: "what is told of a backfill whose source is gone", withinMs: system.patienceMs },
      );
      expectEqual(typeof client.events.at(-1)?.data["backfillId"], "string", "which backfill it says it was");
    },
  },
  {
    number: 10,
    title: "The count of what is put in line never rises",
    async run(system) {
      for (const title of ["Old", "Older"]) system.lay(title);
      const { agentId, client } = await followed(system);
      await system.backfill(agentId);
      const counts = () => {
        const told = client.events.find(({ name }) => name === "backfill:completed")?.data;
        return { totalFound: told?.["totalFound"], totalEnqueued: told?.["totalEnqueued"] };
      };
      await expectSoon(
        counts,
        { totalFound: 2, totalEnqueued: 2 },
        {
          what: "what a backfill says at its end",
          withinMs: system.patienceMs,
        },
      );
    },
  },
  {
    number: 11,
    title: "Two names for one id",
    async run(system) {
      const { agentId, client, ended, job } = await followed(system);
      await system.publish(agentId, "A talk");
      await ended("completed");
      const { id, videoId } = await job();
      const told = client.events.find(({ name }) => name === "job:progress")?.data;
      expectEqual(
        { isJobTheSame: told?.["jobId"] === id, isVideoTheSame: told?.["videoId"] === videoId },
        { isJobTheSame: true, isVideoTheSame: true },
        "ids of one job in the API and in its room",
      );
    },
  },
  {
    number: 12,
    title: "Anyone may watch any agent",
    async run(system) {
      const { agentId, ended, connected } = await followed(system);
      const stranger = system.watch(agentId, "stranger");
      await connected(stranger);
      await system.publish(agentId, "A talk");
      await ended("completed");
      const { status } = await system.ask(`/agents/${agentId}/jobs`, "stranger");
      expectEqual({ events: stranger.events.length, status }, { events: 0, status: 404 }, "what a stranger is given");
    },
  },
  {
    number: 16,
    title: "Progress is coarse",
    async run(system) {
      const { agentId, client, begun } = await followed(system);
      system.hold("analysis", 1);
      await system.publish(agentId, "A talk");
      await begun("analysis", 2);
      const percents = () =>
        client.events.flatMap(({ data }) => (data["stage"] === "ai_analysis" ? [Number(data["progress"])] : []));
      await expectSoon(() => Math.max(0, ...percents()) > 50, true, {
        what: "whether a stage that is half done says more than at its beginning",
        withinMs: system.patienceMs,
      });
    },
  },
  {
    number: 17,
    title: "A transcript is used that no stage makes",
    async run(system) {
      const { agentId, ended } = await followed(system);
      await system.publish(agentId, "A talk");
      await ended("completed");
      expectEqual(await system.wordsOf(agentId), "We decided to meet again on Monday.", "the words that were analysed");
    },
  },
  {
    number: 18,
    title: "Doubtful figures",
    async run(system) {
      const { agentId, begun, ended } = await followed(system);
      await system.publish(agentId, "A talk");
      await ended("completed");
      system.hold("download");
      await system.publish(agentId, "Another");
      await begun("download", 2);
      const { body } = await system.ask(`/agents/${agentId}/stats`);
      const rates = Object.entries(body as Record<string, number>).filter(([name]) =>
        /SuccessRate|successRate/.test(name),
      );
      expectEqual(
        rates.some(([, rate]) => rate === 100),
        true,
        "whether a rate says that all is well where one job is done and one at work",
      );
    },
  },
];

/** Weak point 4 shows where the worker is a process of its own, which one of the drivers has to be told. */
export const workerApart: JobsScenario = {
  number: 4,
  title: "The emitter is taken from the queue's client",
  async run(system) {
    const { agentId, client } = await followed(system);
    await system.publish(agentId, "A talk");
    await expectSoon(() => client.events.at(-1)?.name, "job:completed", {
      what: "the room's last event, of a worker that is another process",
      withinMs: system.patienceMs,
    });
  },
};
