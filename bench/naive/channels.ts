// The reference design of channels, ported as it stands, to be compared with. Structure, names, numbers and mistakes are the
// design's; Express, `pg`, Socket.IO and a queue in memory stand under it. What it leaves out (the queries of its job
// service, its tables, `createEpisode`, the route that starts a backfill) is filled in as plainly as possible.
import { createServer } from "node:http";
import express from "express";
import { Server } from "socket.io";
import { backfillVideos } from "./channels/backfill.ts";
import type { ListedVideo } from "./channels/backfill.ts";
import { createJobService } from "./channels/jobs.ts";
import { processVideo } from "./channels/process-video.ts";
import type { VideoJob, VideoTools } from "./channels/process-video.ts";
import { createQueue } from "./channels/queue.ts";
import type { NaiveDatabase } from "./meetings/schema.ts";

interface Options {
  pool: NaiveDatabase;
  tools: Omit<VideoTools, "createEpisode">;
  fetchChannelVideosSince(since: Date): Promise<ListedVideo[]>;
  /** The worker is a process of its own, as queues' workers are: its queue's client knows nothing of this one's server. */
  isWorkerApart?: boolean;
  attempts?: number;
}

const idOf = (rows: unknown[]) => (rows[0] as { id: string }).id;

export function createNaiveChannels(options: Options) {
  const { pool: db, tools, fetchChannelVideosSince, isWorkerApart = false, attempts = 3 } = options;
  const app = express();
  const httpServer = createServer(app);
  const io = new Server(httpServer, {
    cors: { origin: process.env["FRONTEND_URL"] || "http://localhost:5173", credentials: true },
  });
  io.on("connection", (socket) => {
    socket.on("subscribe:agent", (agentId: string) => void socket.join(`agent:${agentId}`));
  });

  const createEpisode: VideoTools["createEpisode"] = async ({ agentId, videoId }, audioPath, published) => {
    const { rows } = await db.query(
      "INSERT INTO episodes (agent_id, video_id, audio_path, published) VALUES ($1, $2, $3, $4) RETURNING id",
      [agentId, videoId, audioPath, published],
    );
    return { id: idOf(rows) };
  };
  const queue = createQueue<VideoJob>({
    client: { get: (name) => (name === "io" && !isWorkerApart ? io : undefined) },
    attempts,
    process: (job) => processVideo(job, { ...tools, createEpisode }),
    async onStatus({ jobId }, status) {
      await db.query("UPDATE jobs SET status = $2, updated_at = now() WHERE id = $1", [jobId, status]);
    },
  });

  const deps = {
    fetchChannelVideosSince,
    async upsertVideo(agentId: string, { videoId, title, publishedAt }: ListedVideo) {
      const { rows } = await db.query(
        `INSERT INTO videos (agent_id, youtube_video_id, title, published_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (agent_id, youtube_video_id) DO UPDATE SET title = EXCLUDED.title RETURNING id, status`,
        [agentId, videoId, title, publishedAt],
      );
      return rows[0] as { id: string; status: string };
    },
    async enqueueProcessVideo(agentId: string, { videoId: youtubeVideoId }: ListedVideo, videoId: string) {
      const { rows } = await db.query("INSERT INTO jobs (agent_id, video_id) VALUES ($1, $2) RETURNING id", [
        agentId,
        videoId,
      ]);
      const youtubeUrl = `https://www.youtube.com/watch?v=${youtubeVideoId}`;
      queue.add({ jobId: idOf(rows), agentId, videoId, youtubeVideoId, youtubeUrl });
    },
  };

  const jobs = createJobService(db);
  app.get("/agents/:id/jobs", async (request, response) => {
    const { page, limit } = request.query;
    response.json(await jobs.getJobsByAgentId(request.params.id, Number(page ?? 1), Number(limit ?? 20)));
  });
  app.get("/agents/:id/jobs/active", async (request, response) => {
    response.json({ jobs: await jobs.getActiveJobs(request.params.id) });
  });
  app.get("/agents/:id/jobs/:jobId", async (request, response) => {
    response.json(await jobs.getJobDetails(request.params.jobId));
  });
  app.get("/agents/:id/stats", async (request, response) => {
    response.json(await jobs.getAgentStats(request.params.id));
  });
  app.post("/agents/:id/backfills", express.json(), async (request, response) => {
    const { since } = request.body as { since: string };
    await backfillVideos(deps, request.params.id, new Date(since), io);
    response.status(202).json({});
  });
  app.use(((_error, _request, response, _next) => {
    response.status(500).end();
  }) satisfies express.ErrorRequestHandler);

  return {
    httpServer,
    io,
    /** What a hub's push brings: the same two steps as in a backfill. */
    async pushed(agentId: string, video: ListedVideo): Promise<void> {
      const upserted = await deps.upsertVideo(agentId, video);
      if (upserted.status === "discovered") await deps.enqueueProcessVideo(agentId, video, upserted.id);
    },
    drained: queue.drained,
  };
}
