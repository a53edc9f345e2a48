import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "./db.ts";

/** What the speech engine in use can do. `languages` are codes; null: all that can be chosen. */
export interface SpeechOffer {
  engine: string;
  languages: string[] | null;
  /** Whether it tells the language by itself where nobody said one. */
  detects: boolean;
}

/** Before a worker has ever started, what the built-in one can do. */
const atFirst: SpeechOffer = { engine: "embedded", languages: ["en"], detects: false };

export async function speechOffer(db: Db): Promise<SpeechOffer> {
  const row = await db.speechOffer.findUnique({ where: { id: 1 } });
  if (row === null) return atFirst;
  return { engine: row.engine, languages: row.languages as string[] | null, detects: row.detects };
}

/** Noted by a worker as it starts: web processes do not know its settings. */
export async function saveSpeechOffer(db: Db, { engine, languages, detects }: SpeechOffer): Promise<void> {
  const data = { engine, languages: languages ?? Prisma.DbNull, detects };
  await db.speechOffer.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
}
