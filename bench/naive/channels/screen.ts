import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";

interface JobProgress {
  jobId: string;
}

/**
 * A page of the reference design: its module with the one socket of all components, and its hook without React around it.
 * `mount` is the hook's effect, and what it gives back is the effect's end.
 */
export function openNaiveScreen(url: string) {
  let socket: Socket | null = null;

  function connectSocket(agentId: string): Socket {
    if (socket?.connected) return socket;
    socket = io(url, { transports: ["websocket"], auth: { agentId } });
    socket.on("connect", () => void socket?.emit("subscribe:agent", agentId));
    return socket;
  }

  function useRealtimeJobs(agentId: string) {
    const activeJobs = new Map<string, JobProgress>();
    const handled: string[] = [];
    const socketOfAll = connectSocket(agentId);
    socketOfAll.on("job:progress", (data: JobProgress) => {
      handled.push("job:progress");
      activeJobs.set(data.jobId, data);
    });
    socketOfAll.on("job:completed", ({ jobId }: JobProgress) => {
      handled.push("job:completed");
      activeJobs.delete(jobId);
    });
    socketOfAll.on("job:failed", ({ jobId }: JobProgress) => {
      handled.push("job:failed");
      activeJobs.delete(jobId);
    });
    return {
      jobs: () => activeJobs.size,
      handled,
      isReady: () => socketOfAll.connected,
      unmount() {
        socketOfAll.off("job:progress");
        socketOfAll.off("job:completed");
        socketOfAll.off("job:failed");
      },
    };
  }

  return {
    mount: useRealtimeJobs,
    disconnectSocket() {
      socket?.disconnect();
      socket = null;
    },
  };
}
