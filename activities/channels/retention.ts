import { heartbeat } from "@temporalio/activity";
import type { Logger } from "pino";
import {
  cutsToRemove,
  episodesToEmpty,
  noteCutsRemoved,
  noteEmptied,
  noteOriginalRemoved,
  originalsToRemove,
} from "#records/channels/retention.ts";
import type { PrismaClient } from "#records/db.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
}

/** As many files of a kind as one look removes; the next one follows in minutes. */
const most = 100;

/** Removes what channels keep for a time only. */
export function createRetentionActivities({ prisma, media, log }: Deps) {
  /** Files go first and are noted then: whoever is interrupted between the two finds them again. */
  async function removeEach<Row extends { id: string }>(
    what: string,
    rows: Row[],
    remove: (row: Row) => Promise<unknown>,
  ): Promise<void> {
    for (const row of rows) {
      heartbeat();
      try {
        await remove(row);
        log.info({ id: row.id, what }, "removed by its channel's settings");
      } catch (error) {
        log.warn({ err: error, id: row.id, what }, "could not be removed; the next look tries again");
      }
    }
  }

  async function removeRevisions(videoId: string, from: number, before: number): Promise<void> {
    for (let revision = from; revision < before; revision++) await media.removeAll(episodeAudioKey(videoId, revision));
  }

  return {
    async applyRetention(): Promise<void> {
      await removeEach("episode", await episodesToEmpty(prisma, most), async (episode) => {
        await removeRevisions(episode.videoId, episode.oldestRevision, episode.revision + 1);
        await noteEmptied(prisma, episode);
      });
      await removeEach("earlier cuts", await cutsToRemove(prisma, most), async (episode) => {
        await removeRevisions(episode.videoId, episode.oldestRevision, episode.revision);
        await noteCutsRemoved(prisma, episode);
      });
      await removeEach("original", await originalsToRemove(prisma, most), async ({ id, mediaKey }) => {
        await media.removeAll(mediaKey);
        await noteOriginalRemoved(prisma, id);
      });
    },
  };
}
