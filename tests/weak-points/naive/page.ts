import { openProcessingPage } from "#bench/naive/meetings/page.ts";
import type { Clock } from "#bench/naive/meetings/page.ts";
import type { Answer, ProcessingPage } from "../system.ts";

/** The reference design's processing view on a clock that is turned by hand. */
export function openNaivePage(ask: () => Answer | Promise<Answer>): ProcessingPage {
  const clock = createTurnedClock();
  let requests = 0;
  let underWay: Promise<unknown> = Promise.resolve();
  const page = openProcessingPage({
    clock,
    // As the page does it: whatever the HTTP status, the body is the meeting.
    fetchStatus() {
      requests += 1;
      const answer = Promise.resolve(ask());
      underWay = answer.catch(() => {});
      return answer.then(({ body }) => body as { status?: string; error?: string | null });
    },
    redirect: () => {},
    logError: () => {},
  });
  return {
    shows: () => page.state().status,
    percent: () => page.state().progress,
    requests: () => requests,
    async turn(ms) {
      await clock.turn(ms, async () => {
        await underWay;
        await new Promise(setImmediate);
      });
    },
    close: page.leave,
  };
}

interface Timer {
  at: number;
  everyMs: number | null;
  callback: () => void;
}

export function createTurnedClock() {
  let now = 0;
  const timers = new Set<Timer>();
  const add = (timer: Timer) => {
    timers.add(timer);
    return timer;
  };
  const clock: Clock = {
    now: () => now,
    setTimeout: (callback, ms) => add({ at: now + ms, everyMs: null, callback }),
    setInterval: (callback, ms) => add({ at: now + ms, everyMs: ms, callback }),
    clearInterval: (timer) => void timers.delete(timer as Timer),
  };
  return {
    ...clock,
    /** Runs what falls due, in order, each with all that follows from it. */
    async turn(ms: number, settle: () => Promise<void>): Promise<void> {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        now = due.at;
        if (due.everyMs === null) timers.delete(due);
        else due.at += due.everyMs;
        due.callback();
        await settle();
      }
      now = until;
    },
  };
}
