import type { Db } from "../db.ts";

/** Versions of what videos are fetched with; null: it does not run there. */
export interface WorkerTools {
  node: string;
  /** Not needed for a yt-dlp of the operator's own. */
  python: string | null;
  ytdlp: string | null;
}

/** Null before a worker has ever started. */
export const workerTools = (db: Db): Promise<WorkerTools | null> =>
  db.workerTools.findUnique({ where: { id: 1 }, select: { node: true, python: true, ytdlp: true } });

/** Noted by a worker as it starts: web processes run on another machine, maybe. */
export async function saveWorkerTools(db: Db, tools: WorkerTools): Promise<void> {
  await db.workerTools.upsert({ where: { id: 1 }, create: { id: 1, ...tools }, update: { ...tools } });
}

/** A yt-dlp's age in days: its version is the day it came out. Null for one of another form. */
export function ageOf(version: string | null, now: Date): number | null {
  const [, year, month, day] = /^(\d{4})\.(\d{1,2})\.(\d{1,2})/.exec(version ?? "") ?? [];
  const days = Math.floor((now.getTime() - Date.UTC(Number(year), Number(month) - 1, Number(day))) / 86_400_000);
  return days >= 0 ? days : null;
}
