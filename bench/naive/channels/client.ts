import { io } from "socket.io-client";

interface JobProgress {
  jobId: string;
  videoId: string;
  stage: string;
  progress: number;
  message: string;
  timestamp: string;
}

/**
 * The reference design's client: its socket, and its hook's list of jobs at work, without React around it. `auth` is sent
 * beside the agent's id; the design sends nothing else.
 */
export function watchJobs(url: string, agentId: string, auth: object = {}) {
  const activeJobs = new Map<string, JobProgress>();
  const events: { name: string; data: Record<string, unknown> }[] = [];
  const socket = io(url, { transports: ["websocket"], auth: { agentId, ...auth } });
  socket.onAny((name: string, data: Record<string, unknown>) => events.push({ name, data }));
  socket.on("connect", () => void socket.emit("subscribe:agent", agentId));
  socket.on("job:progress", (data: JobProgress) => void activeJobs.set(data.jobId, data));
  socket.on("job:completed", ({ jobId }: { jobId: string }) => void activeJobs.delete(jobId));
  socket.on("job:failed", ({ jobId }: { jobId: string }) => void activeJobs.delete(jobId));
  return {
    activeJobs: () => [...activeJobs.values()],
    events,
    isConnected: () => socket.connected,
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
  };
}
export type JobsClient = ReturnType<typeof watchJobs>;
