import type { Server } from "socket.io";
import type { Job } from "./queue.ts";

export interface VideoJob {
  jobId: string;
  agentId: string;
  videoId: string;
  youtubeVideoId: string;
  youtubeUrl: string;
}

/** What the reference design calls in each stage, and does not show. */
export interface VideoTools {
  downloadAudio(url: string): Promise<string>;
  detectSpeech(wavPath: string): Promise<unknown>;
  analyzeContent(transcript: unknown, metadata: unknown): Promise<{ decision: { should_autopublish: boolean } }>;
  mergeAudio(paths: string[]): Promise<string>;
  uploadAudioFile(path: string, storagePath: string): Promise<string>;
  createEpisode(of: VideoJob, audioPath: string, published: boolean): Promise<{ id: string }>;
}

/** The reference design's orchestrator: one function, in which all that a job does is done again when it throws. */
export async function processVideo(job: Job<VideoJob>, tools: VideoTools): Promise<void> {
  const { agentId, youtubeVideoId, youtubeUrl } = job.data;
  const io = job.queue.client.get("io") as Server;
  // Named where a failure is told, and set nowhere; so is the transcript, which no stage makes.
  const currentStage = undefined;
  const transcript = undefined;

  const emitProgress = (stage: string, progress: number, message: string) => {
    io.to(`agent:${agentId}`).emit("job:progress", {
      jobId: job.id,
      videoId: youtubeVideoId,
      stage,
      progress,
      message,
      timestamp: new Date().toISOString(),
    });
  };

  try {
    emitProgress("downloading", 10, "Downloading audio from YouTube...");
    const wavPath = await tools.downloadAudio(youtubeUrl);
    emitProgress("speech_detection", 30, "Detecting speech segments...");
    await tools.detectSpeech(wavPath);
    emitProgress("ai_analysis", 50, "AI analyzing content for sermon detection...");
    const aiResult = await tools.analyzeContent(transcript, { youtubeVideoId });
    emitProgress("audio_processing", 70, "Processing audio with intro/outro...");
    const finalPath = await tools.mergeAudio(["intro", wavPath, "outro"]);
    emitProgress("uploading", 90, "Uploading to storage...");
    const upload = await tools.uploadAudioFile(finalPath, `${agentId}/${youtubeVideoId}`);
    const episode = await tools.createEpisode(job.data, upload, aiResult.decision.should_autopublish);
    emitProgress("completed", 100, "Episode created successfully!");
    io.to(`agent:${agentId}`).emit("job:completed", {
      jobId: job.id,
      episodeId: episode.id,
      published: aiResult.decision.should_autopublish,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emitProgress("failed", 0, message);
    io.to(`agent:${agentId}`).emit("job:failed", { jobId: job.id, error: message, stage: currentStage });
    throw error;
  }
}
