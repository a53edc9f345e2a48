import type { DataStore } from "@tus/server";
import type { Upload } from "#prisma/generated/client.ts";

/** Where the bytes of uploads lie until they are recordings: a folder, or a bucket that every web process reaches. */
export interface PartStore {
  /** What tus reads and writes. */
  tus: DataStore;
  /** How many bytes have arrived; 0 where there are none. */
  arrived(upload: Upload): Promise<number>;
  /** Hash and size of what has arrived, which is the whole from now on. May be asked for again. */
  measure(upload: Upload): Promise<{ sha256: string; sizeBytes: number }>;
  /** Puts the whole where its recording looks for it. May be asked for again. */
  place(upload: Upload): Promise<void>;
  /** Removes what is left of an upload beside its recording. */
  clear(id: string): Promise<void>;
  /** Removes an upload's bytes wherever they lie. */
  drop(upload: Upload): Promise<void>;
  /** Removes what no row tells of and nobody goes on with. */
  sweep(): Promise<void>;
}
