import { DetailedError, Upload, defaultOptions } from "tus-js-client";
import type { PreviousUpload } from "tus-js-client";
import { z } from "zod";
import { duplicateIn } from "./duplicate.ts";
import type { Duplicate } from "./duplicate.ts";

type TransferState = "waiting" | "sending" | "offline" | "paused" | "done" | "duplicate" | "failed";

/** One file on its way. `bytesPerSecond` is smoothed, and 0 while nothing is known. */
export interface Transfer {
  key: string;
  name: string;
  size: number;
  sent: number;
  bytesPerSecond: number;
  state: TransferState;
  problem: string | null;
  conversationId: string | null;
  /** Where the server had the same bytes: as what, and what was said of them now. */
  there: Duplicate | null;
}

/** Whether the server has all of it, or had it before. */
export const isArrived = ({ state }: Transfer) => state === "done" || state === "duplicate";

/** Whether it goes on, or will by itself: what closing the page would break off. */
export const isUnderWay = ({ state }: Transfer) => state === "waiting" || state === "sending" || state === "offline";

/** An upload that an earlier page began; its file must be chosen again to go on. */
export interface Unfinished {
  name: string;
  size: number;
  storageKey: string;
  /** The channel that it goes to; null: it becomes a recording. */
  channelId: string | null;
}

export interface UploaderState {
  staged: readonly File[];
  transfers: readonly Transfer[];
  unfinished: readonly Unfinished[];
}

const atOnce = 2;
/** How long after a lost connection the next try is due; the browser may tell of its return before. */
const offlineRetryMs = 5_000;
const Problem = z.object({ detail: z.string() });

type DropTarget = (files: readonly File[]) => void;

/** Sends files in the background of whatever page is shown; lives as long as the shell. */
export function createUploader(userId: string) {
  let dropTarget: DropTarget | null = null;
  let state: UploaderState = { staged: [], transfers: [], unfinished: [] };
  const uploads = new Map<string, Upload>();
  const listeners = new Set<() => void>();
  const storage = defaultOptions.urlStorage;
  const mine = `convene-${userId}-`;

  const set = (next: Partial<UploaderState>) => {
    state = { ...state, ...next };
    listeners.forEach((listener) => listener());
  };
  const change = (key: string, next: Partial<Transfer>) =>
    set({ transfers: state.transfers.map((each) => (each.key === key ? { ...each, ...next } : each)) });
  const transferOf = (key: string) => state.transfers.find((each) => each.key === key);

  const listUnfinished = async () => {
    const stored = await storage.findAllUploads();
    const own = stored.filter(({ urlStorageKey }) => urlStorageKey.includes(mine));
    const sending = new Set(state.transfers.filter(({ state }) => state !== "failed").map(({ name }) => name));
    const unfinished = own
      .map(({ metadata, size, urlStorageKey: storageKey }) => ({
        name: metadata["filename"] ?? "",
        size: size ?? 0,
        storageKey,
        channelId: metadata["channelId"] ?? null,
      }))
      .filter(({ name }) => !sending.has(name));
    set({ unfinished });
  };

  const startNext = () => {
    const sending = state.transfers.filter((each) => each.state === "sending").length;
    for (const { key } of state.transfers.filter((each) => each.state === "waiting").slice(0, atOnce - sending)) {
      change(key, { state: "sending", problem: null });
      uploads.get(key)?.start();
    }
  };
  const settle = (key: string, next: Partial<Transfer>) => {
    change(key, { bytesPerSecond: 0, ...next });
    startNext();
  };
  /** Those that have lost the connection stand in the line again. */
  const goOn = () => {
    if (!navigator.onLine) return;
    const lost = state.transfers.filter((each) => each.state === "offline");
    lost.forEach(({ key }) => change(key, { state: "waiting" }));
    if (lost.length > 0) startNext();
  };
  const waitForConnection = (key: string) => {
    settle(key, { state: "offline" });
    setTimeout(goOn, offlineRetryMs);
  };

  /**
   * Puts a file in the line and gives its key. `details` are what the server keeps of it: title, language, speakers,
   * workspaceId, recordedAt, timeZone; channelId, where it is to become a channel's video.
   */
  const send = async (file: File, details: Record<string, string>): Promise<string> => {
    const key = crypto.randomUUID();
    const measure = createSpeedometer();
    const upload = new Upload(file, {
      endpoint: "/api/uploads",
      metadata: { filename: file.name, filetype: file.type, ...details },
      // Short retries while the server is busy. A connection that is lost is waited for here, as long as it takes.
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000],
      onShouldRetry: (error) => isAskedLater(error),
      removeFingerprintOnSuccess: true,
      // The same file may be on its way to two places.
      fingerprint: async () => `${mine}${details["channelId"] ?? ""}${file.name}-${file.size}-${file.lastModified}`,
      onProgress: (sent) => change(key, { sent, bytesPerSecond: measure(sent) }),
      onSuccess({ lastResponse }) {
        const conversationId = lastResponse.getHeader("X-Conversation-Id") ?? null;
        const isCopy = lastResponse.getHeader("X-Duplicate") === "true";
        const there = isCopy ? duplicateIn((name) => lastResponse.getHeader(name), details) : null;
        settle(key, { sent: file.size, state: isCopy ? "duplicate" : "done", conversationId, there });
      },
      onError: (error) =>
        isUnreached(error) ? waitForConnection(key) : settle(key, { state: "failed", problem: wordsOf(error) }),
    });
    const previous: PreviousUpload | undefined = (await upload.findPreviousUploads())[0];
    if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
    uploads.set(key, upload);
    const transfer: Transfer = {
      key,
      name: file.name,
      size: file.size,
      sent: 0,
      bytesPerSecond: 0,
      state: "waiting",
      problem: null,
      conversationId: null,
      there: null,
    };
    set({
      transfers: [...state.transfers, transfer],
      unfinished: state.unfinished.filter(({ name, size }) => name !== file.name || size !== file.size),
    });
    startNext();
    return key;
  };

  return {
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stage: (files: readonly File[]) => set({ staged: [...state.staged, ...files] }),
    unstage: (file: File) => set({ staged: state.staged.filter((each) => each !== file) }),
    clearStage: () => set({ staged: [] }),
    /** Has files that are dropped anywhere given to what is shown now, until the answer is called. */
    takeDrops(target: DropTarget) {
      dropTarget = target;
      return () => {
        if (dropTarget === target) dropTarget = null;
      };
    },
    /** Who takes dropped files; null: the page of uploads. */
    dropTarget: () => dropTarget,
    send,
    goOn,
    listUnfinished,
    async pause(key: string) {
      change(key, { state: "paused", bytesPerSecond: 0 });
      await uploads.get(key)?.abort();
      startNext();
    },
    resume(key: string) {
      change(key, { state: "waiting", problem: null });
      startNext();
    },
    async cancel(key: string) {
      const transfer = transferOf(key);
      set({ transfers: state.transfers.filter((each) => each.key !== key) });
      // The server removes what it has; should it not be reached, it forgets the upload by itself after a day.
      if (transfer !== undefined && !isArrived(transfer))
        await uploads
          .get(key)
          ?.abort(true)
          .catch(() => {});
      uploads.delete(key);
      startNext();
    },
    async forget(storageKey: string) {
      await storage.removeUpload(storageKey);
      await listUnfinished();
    },
    /** Takes those that have arrived off the list: of one recording, or all. */
    dismiss(conversationId?: string) {
      const stays = (each: Transfer) =>
        !isArrived(each) || (conversationId !== undefined && each.conversationId !== conversationId);
      set({ transfers: state.transfers.filter(stays) });
    },
  };
}
export type Uploader = ReturnType<typeof createUploader>;

/** Bytes a second, smoothed over about three seconds. */
function createSpeedometer() {
  let last = { at: performance.now(), sent: -1 };
  let speed = 0;
  return (sent: number) => {
    const at = performance.now();
    const seconds = (at - last.at) / 1000;
    if (last.sent < 0) last = { at, sent };
    if (seconds < 0.25) return speed;
    const measured = (sent - last.sent) / seconds;
    const weight = speed === 0 ? 1 : Math.min(1, seconds / 3);
    speed += (measured - speed) * weight;
    last = { at, sent };
    return speed;
  };
}

const answerTo = (error: Error) => (error instanceof DetailedError ? error.originalResponse : undefined);

/** What the server says is wrong, in words; null where it did not say. */
function problemIn(error: Error): string | null {
  try {
    return Problem.parse(JSON.parse(answerTo(error)?.getBody() ?? "")).detail;
  } catch {
    return null;
  }
}

/** Nothing answered, or a proxy said that the server behind it does not. An error before a request is no such. */
function isUnreached(error: Error): boolean {
  if (!(error instanceof DetailedError)) return false;
  const status = answerTo(error)?.getStatus() ?? 0;
  return status === 0 || ([502, 503, 504].includes(status) && problemIn(error) === null);
}

/** What the server refuses for now only. */
function isAskedLater(error: Error): boolean {
  const status = answerTo(error)?.getStatus() ?? 0;
  return !isUnreached(error) && (status >= 500 || status === 409 || status === 423);
}

const wordsOf = (error: Error) =>
  problemIn(error) ??
  (answerTo(error) ? "The server did not take the file. Resume to try again." : "The file could not be read.");
