import type { Server } from "socket.io";

export interface ListedVideo {
  videoId: string;
  title: string;
  publishedAt: Date;
}

export interface BackfillDeps {
  fetchChannelVideosSince(since: Date): Promise<ListedVideo[]>;
  upsertVideo(agentId: string, video: ListedVideo): Promise<{ id: string; status: string }>;
  enqueueProcessVideo(agentId: string, video: ListedVideo, id: string): Promise<void>;
}

/** The reference design's backfill: looking and putting in line are two steps, and nothing counts what is put there. */
export async function backfillVideos(deps: BackfillDeps, agentId: string, since: Date, io: Server): Promise<void> {
  const youtubeVideos = await deps.fetchChannelVideosSince(since);
  io.to(`agent:${agentId}`).emit("backfill:started", {
    totalVideos: youtubeVideos.length,
    since: since.toISOString(),
  });
  const enqueuedCount = 0;
  for (const video of youtubeVideos) {
    const upserted = await deps.upsertVideo(agentId, video);
    if (upserted.status === "discovered") {
      await deps.enqueueProcessVideo(agentId, video, upserted.id);
      io.to(`agent:${agentId}`).emit("video:discovered", {
        videoId: video.videoId,
        title: video.title,
        publishedAt: video.publishedAt,
      });
    }
  }
  io.to(`agent:${agentId}`).emit("backfill:completed", {
    totalFound: youtubeVideos.length,
    totalEnqueued: enqueuedCount,
  });
}
