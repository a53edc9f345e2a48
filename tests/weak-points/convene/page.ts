import { Worker } from "node:worker_threads";
import type { Answer, ProcessingPage } from "../system.ts";

export type ToBrowser = { type: "turn"; ms: number } | { type: "answer"; answer: Answer } | { type: "close" };
export type FromBrowser =
  | { type: "asks" }
  | { type: "turned"; shows: ReturnType<ProcessingPage["shows"]>; percent: number; requests: number };

interface PageOptions {
  meetingId: string;
  /** What the page is loaded with. */
  run: () => Promise<{ status: string; stage: string; percent: number; attempt: number }>;
  ask: () => Answer | Promise<Answer>;
}

/** Convene's processing view with no live connection, on a clock that is turned by hand. */
export function openConvenePage({ meetingId, run, ask }: PageOptions): ProcessingPage & AsyncDisposable {
  let seen: Extract<FromBrowser, { type: "turned" }> = { type: "turned", shows: "processing", percent: 0, requests: 0 };
  let turned = (): void => {};
  const opened = run().then(({ status, stage, percent, attempt }) => {
    const workerData = { id: meetingId, run: { status, stage, percent, attempt } };
    const browser = new Worker(new URL("browser.ts", import.meta.url), { workerData });
    const send = (message: ToBrowser) => browser.postMessage(message, []);
    browser.on("message", (message: FromBrowser) => {
      if (message.type === "asks")
        return void Promise.resolve(ask()).then((answer) => send({ type: "answer", answer }));
      seen = message;
      turned();
    });
    return { browser, send };
  });
  return {
    shows: () => seen.shows,
    percent: () => seen.percent,
    requests: () => seen.requests,
    async turn(ms) {
      const { browser, send } = await opened;
      await new Promise<void>((resolve, reject) => {
        turned = resolve;
        browser.once("error", reject);
        send({ type: "turn", ms });
      });
    },
    close: () => void opened.then(({ send }) => send({ type: "close" })),
    async [Symbol.asyncDispose]() {
      await (await opened).browser.terminate();
    },
  };
}
