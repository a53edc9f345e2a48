/** What is kept of a recording beside its sound, so that another page can bring it to its end. */
export interface KeptRecording {
  id: string;
  userId: string;
  /** Where it is sent; null while the server has given it no place. */
  url: string | null;
  details: RecordingDetails;
  startedAt: number;
}

/** What the server is told when a recording begins. */
export interface RecordingDetails {
  filename: string;
  title: string;
  language: string;
  workspaceId: string;
  recordedAt?: string;
}

/** Keeps recordings under way in this browser until the server has them whole. */
export interface RecordingStore {
  keep: (recording: KeptRecording) => Promise<void>;
  of: (userId: string) => Promise<KeptRecording[]>;
  find: (id: string) => Promise<KeptRecording | undefined>;
  put: (id: string, start: number, part: Blob) => Promise<void>;
  part: (id: string, start: number) => Promise<Blob | undefined>;
  /** Where the parts of a recording begin, in order. */
  starts: (id: string) => Promise<number[]>;
  remove: (id: string) => Promise<void>;
}

const partsOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);

/** The store in IndexedDB, which holds what memory should not. Every call fails where the browser allows none. */
export function openRecordingStore(): RecordingStore {
  let opening: Promise<IDBDatabase> | undefined;

  function open() {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("convene-recordings", 1);
      request.addEventListener("upgradeneeded", () => {
        request.result.createObjectStore("recordings", { keyPath: "id" });
        request.result.createObjectStore("parts");
      });
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("No database")));
    });
    return opening;
  }

  /** Runs requests on one store, and is done when they are on disk. */
  async function within<T>(
    store: "recordings" | "parts",
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const transaction = (await open()).transaction(store, mode);
    return new Promise((resolve, reject) => {
      const request = ask(transaction.objectStore(store));
      transaction.addEventListener("complete", () => resolve(request.result));
      transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("Not kept")));
    });
  }

  return {
    async keep(recording) {
      await within("recordings", "readwrite", (store) => store.put(recording));
    },
    async of(userId) {
      const all = await within<KeptRecording[]>("recordings", "readonly", (store) => store.getAll());
      return all.filter((each) => each.userId === userId);
    },
    find: (id) => within<KeptRecording | undefined>("recordings", "readonly", (store) => store.get(id)),
    async put(id, start, part) {
      await within("parts", "readwrite", (store) => store.put(part, [id, start]));
    },
    part: (id, start) => within<Blob | undefined>("parts", "readonly", (store) => store.get([id, start])),
    async starts(id) {
      const keys = await within<IDBValidKey[]>("parts", "readonly", (store) => store.getAllKeys(partsOf(id)));
      return keys.map((key) => (key as [string, number])[1]);
    },
    async remove(id) {
      await within("parts", "readwrite", (store) => store.delete(partsOf(id)));
      await within("recordings", "readwrite", (store) => store.delete(id));
    },
  };
}
