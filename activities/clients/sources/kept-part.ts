import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { z } from "zod";

/** What is noted beside a file that is being fetched, before its first byte and after its last. */
const Note = z.object({
  url: z.string(),
  /** Tells whether the server still has the same file; null: it does not say, so nothing can be gone on with. */
  validator: z.string().nullable(),
  contentType: z.string().nullable(),
  wholeBytes: z.number().nullable(),
});
type Note = z.infer<typeof Note>;

/** What lies at a path of a file that was fetched in part, or whole. */
export interface KeptPart {
  bytes: number;
  validator: string | null;
  contentType: string | null;
  isWhole: boolean;
}

const notePath = (path: string) => `${path}.fetch.json`;

/** Null where there is nothing of this address, or nothing that could be gone on with. */
export async function keptPart(path: string, url: string): Promise<KeptPart | null> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  const text = await readFile(notePath(path), "utf8").catch(() => "");
  const { data: note } = Note.safeParse(text === "" ? null : parse(text));
  if (note === undefined || note.url !== url || size === 0) return null;
  const isWhole = note.wholeBytes === size;
  const { validator, contentType } = note;
  return isWhole || validator !== null ? { bytes: size, validator, contentType, isWhole } : null;
}

/** Never half a note, whenever the process ends. */
export async function notePart(path: string, note: Note): Promise<void> {
  await writeFile(`${notePath(path)}.new`, JSON.stringify(note));
  await rename(`${notePath(path)}.new`, notePath(path));
}

/** What lies there is no part of anything any more. */
export const forgetPart = (path: string): Promise<void> => rm(notePath(path), { force: true });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
