import { sendSound } from "./sender.ts";
import type { SenderState } from "./sender.ts";
import type { KeptRecording, RecordingStore } from "./recording-store.ts";
import { leftSound } from "./sound.ts";
import type { UploadClient } from "./upload-client.ts";

/** A recording that an earlier page left unfinished, on its way to the server. */
export interface Leftover {
  id: string;
  title: string;
  fileName: string;
  startedAt: number;
  size: number;
  sender: SenderState;
  conversationId: string | null;
}

interface LeftoversOptions {
  userId: string;
  store: RecordingStore;
  client: UploadClient;
  onChange: (list: readonly Leftover[]) => void;
}

/**
 * Recordings whose page was closed or crashed. Each is held by a lock that the browser frees with its page, so that no
 * two pages send the same one and whichever is open takes over.
 */
export function createLeftovers({ userId, store, client, onChange }: LeftoversOptions) {
  let list: readonly Leftover[] = [];
  const given = new Map<string, AbortController>();

  function set(next: readonly Leftover[]) {
    list = next;
    onChange(list);
  }
  const change = (id: string, next: Partial<Leftover>) =>
    set(list.map((each) => (each.id === id ? { ...each, ...next } : each)));
  const forget = (id: string) => set(list.filter((each) => each.id !== id));

  async function bringToEnd(kept: KeptRecording, outer: AbortSignal): Promise<void> {
    const { id, details } = kept;
    const sound = await leftSound(id, store);
    if (sound.size() === 0) return store.remove(id);
    const sender: SenderState = { state: "sending", sent: 0, problem: null };
    const { filename: fileName, title } = details;
    const { startedAt } = kept;
    set([...list, { id, title, fileName, startedAt, size: sound.size(), sender, conversationId: null }]);
    const own = new AbortController();
    given.set(id, own);
    const signal = AbortSignal.any([outer, own.signal]);
    const conversationId = await sendSound(
      {
        client,
        sound,
        userId,
        url: kept.url,
        begin: async (again) => {
          const url = await client.begin(details, again);
          await store.keep({ ...kept, url });
          return url;
        },
        onState: (next) => change(id, { sender: next }),
        onFull: () => undefined,
      },
      signal,
    );
    given.delete(id);
    if (conversationId === null) return forget(id);
    await store.remove(id);
    change(id, { conversationId });
  }

  /** Holds a recording while `work` goes on. */
  async function hold(id: string, work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    await navigator.locks.request(`convene-recording-${id}`, signal === undefined ? {} : { signal }, work);
  }

  async function takeOver(id: string, signal: AbortSignal): Promise<void> {
    const kept = await store.find(id);
    if (kept !== undefined) await bringToEnd(kept, signal);
  }

  async function openAll(signal: AbortSignal): Promise<void> {
    const all = await store.of(userId);
    await Promise.all(all.map(({ id }) => hold(id, () => takeOver(id, signal), signal)));
  }

  return {
    hold,
    open(signal: AbortSignal): void {
      // A browser that keeps nothing has left nothing; a page that closes waits no longer.
      void openAll(signal).catch(() => undefined);
    },
    /** The sound as a file, for somebody who would rather have it than wait. */
    file: async (id: string) => (await leftSound(id, store)).whole(),
    async discard(id: string): Promise<void> {
      given.get(id)?.abort();
      await store.remove(id);
      forget(id);
    },
    dismiss: forget,
  };
}
