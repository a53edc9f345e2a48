import type { Log } from "./retry.ts";
import type { NaiveDatabase } from "./schema.ts";

export type Speaker = "user" | "agent";

export interface TranscriptChunk {
  meetingId: string;
  speakerType: Speaker;
  text: string;
  timestamp: Date;
  sequenceNumber: number;
}

/**
 * The reference design's transcript collector, one per process: it numbers chunks in memory, stamps them with the
 * time of arrival, and keeps every error to itself.
 */
export function createTranscriptCollector(db: NaiveDatabase, log: Log) {
  const sequenceCounters = new Map<string, number>();

  function getNextSequence(meetingId: string): number {
    const next = (sequenceCounters.get(meetingId) ?? 0) + 1;
    sequenceCounters.set(meetingId, next);
    return next;
  }

  return {
    async storeChunk(meetingId: string, speakerType: Speaker, text: string): Promise<void> {
      try {
        const sequenceNumber = getNextSequence(meetingId);
        await db.query(
          `INSERT INTO transcript_chunks (meeting_id, speaker_type, text, timestamp, sequence_number)
           VALUES ($1, $2, $3, $4, $5)`,
          [meetingId, speakerType, text, new Date(), sequenceNumber],
        );
        log(`[Transcript] Stored ${speakerType} chunk ${sequenceNumber} for meeting ${meetingId}`);
      } catch (error) {
        log(`[Transcript] Failed to store chunk for meeting ${meetingId}`, error);
      }
    },

    async getTranscript(meetingId: string): Promise<TranscriptChunk[]> {
      try {
        const { rows } = await db.query(
          `SELECT meeting_id AS "meetingId", speaker_type AS "speakerType", text, timestamp,
                  sequence_number AS "sequenceNumber"
           FROM transcript_chunks WHERE meeting_id = $1 ORDER BY sequence_number`,
          [meetingId],
        );
        return rows as TranscriptChunk[];
      } catch (error) {
        log(`[Transcript] Failed to retrieve transcript for meeting ${meetingId}`, error);
        return [];
      }
    },

    async markTranscriptCollected(meetingId: string): Promise<void> {
      try {
        await db.query("UPDATE meetings SET transcript_collected = true WHERE id = $1", [meetingId]);
      } catch (error) {
        log(`[Transcript] Failed to mark transcript collected for meeting ${meetingId}`, error);
      }
    },

    cleanup(meetingId: string): void {
      sequenceCounters.delete(meetingId);
    },
  };
}
export type TranscriptCollector = ReturnType<typeof createTranscriptCollector>;
