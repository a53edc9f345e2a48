/** The browser's timers, so that a test can turn them. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  setInterval(callback: () => void, ms: number): unknown;
  clearInterval(timer: unknown): void;
}

/** The reference design's call page: which view shows is in the page's memory, so a reload is back in the lobby. */
export function createCallView() {
  let show: "lobby" | "call" | "processing" = "lobby";
  return {
    show: () => show,
    join: () => void (show = "call"),
    /** Ends the call and shows the processing; the server is told nothing. */
    leave(call: { endCall(): void } | undefined) {
      if (!call) return;
      call.endCall();
      show = "processing";
    },
  };
}

/** The bar follows the clock and not the work: 85 % after 15 seconds, whatever has happened. */
export function progressAt(elapsedMs: number, previous: number): number {
  if (previous >= 85) return previous;
  return Math.max(previous, Math.min((elapsedMs / 15_000) * 85, 85));
}

export function captionAt(progress: number): string {
  if (progress < 30) return "Preparing the analysis";
  if (progress < 70) return "Understanding the conversation";
  if (progress < 85) return "Gathering insights and tracking progress";
  return "Finishing the analysis";
}

export interface ProcessingPageDeps {
  clock: Clock;
  /** `GET /api/meetings/:id/status`, the body as JSON whatever the HTTP status says. */
  fetchStatus: () => Promise<{ status?: string; error?: string | null }>;
  redirect: () => void;
  logError: (line: string, error: unknown) => void;
}

/** The reference design's processing view as a plain state machine. */
export function openProcessingPage({ clock, fetchStatus, redirect, logError }: ProcessingPageDeps) {
  let status: "processing" | "completed" | "failed" = "processing";
  let error: string | null = null;
  let progress = 0;
  let elapsedTime = 0;
  const startTime = clock.now();
  const progressInterval = clock.setInterval(() => {
    progress = progressAt(clock.now() - startTime, progress);
  }, 200);
  const timeInterval = clock.setInterval(() => {
    elapsedTime = Math.floor((clock.now() - startTime) / 1000);
  }, 1000);
  const stopTimers = () => {
    clock.clearInterval(progressInterval);
    clock.clearInterval(timeInterval);
  };

  let pollInterval = 1000;
  const maxPollInterval = 3000;
  const pollAfter = (ms: number) => clock.setTimeout(() => void statusPoller(), ms);
  async function statusPoller(): Promise<void> {
    try {
      const meeting = await fetchStatus();
      if (meeting.status === "completed") {
        progress = 100;
        status = "completed";
        stopTimers();
        clock.setTimeout(redirect, 1500);
        return;
      }
      if (meeting.status === "failed") {
        status = "failed";
        error = meeting.error || "Processing failed";
        stopTimers();
        return;
      }
      pollInterval = Math.min(pollInterval * 1.2, maxPollInterval);
      pollAfter(pollInterval);
    } catch (problem) {
      logError("Failed to check meeting status", problem);
      pollAfter(pollInterval);
    }
  }
  pollAfter(1000);

  return {
    state: () => ({ status, error, progress, elapsedTime, caption: captionAt(progress) }),
    /** Stops the bar and the seconds; the poll that is under way polls on. */
    leave: stopTimers,
  };
}
export type ProcessingPage = ReturnType<typeof openProcessingPage>;
