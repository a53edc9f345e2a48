import { findNextSession, generateMeetingAnalysis } from "./analysis.ts";
import type { Complete, MeetingAnalysis } from "./analysis.ts";
import type { TranscriptCollector } from "./collector.ts";
import type { Log, WithRetry } from "./retry.ts";
import type { AgentRow, MeetingRow, NaiveDatabase } from "./schema.ts";

export interface ProcessingDeps {
  db: NaiveDatabase;
  collector: TranscriptCollector;
  complete: Complete;
  withRetry: WithRetry;
  log: Log;
}

type Loaded = MeetingRow & { agent: AgentRow };

/**
 * What the reference design does after a call, all of it in one promise that nobody waits for: it looks at no status
 * before it starts or writes, the next meeting is inserted inside the same `try` after the meeting is completed, and
 * whatever goes wrong ends as `failed`.
 */
export function createProcessing({ db, collector, complete, withRetry, log }: ProcessingDeps) {
  return async function processImmediately(meetingId: string): Promise<void> {
    log(`[Processing] Starting immediate analysis for meeting ${meetingId}`);
    try {
      const meeting = await withRetry(() => load(meetingId), 3, 1000);
      const transcript = await withRetry(
        async () => {
          const chunks = await collector.getTranscript(meetingId);
          if (chunks.length === 0) log(`[Processing] No transcript found for meeting ${meetingId}, proceeding anyway`);
          return chunks;
        },
        3,
        1000,
      );
      const formattedTranscript = JSON.stringify(
        transcript.map(({ speakerType, text }) => ({
          speaker_id: speakerType,
          text,
          user: { name: speakerType === "user" ? "User" : meeting.agent.name },
        })),
      );

      const blueprint = meeting.agent.blueprint_snapshot;
      const blueprintSessions = blueprint?.sessions ?? blueprint?.conversations ?? [];
      if (blueprintSessions.length > 0) await followPlan(meeting, blueprintSessions, formattedTranscript);
      else await summarise(meetingId, formattedTranscript);
      log(`[Processing] Completed analysis for meeting ${meetingId}`);
    } catch (error) {
      log(`[Processing] Final error for meeting ${meetingId}`, error);
      await db
        .query("UPDATE meetings SET status = 'failed', error = $2 WHERE id = $1", [
          meetingId,
          error instanceof Error ? error.message : "Processing failed",
        ])
        .catch((dbError: unknown) => log(`[Processing] Failed to update meeting status for ${meetingId}`, dbError));
    }
  };

  async function load(meetingId: string): Promise<Loaded> {
    const { rows } = await db.query(
      `SELECT meetings.*, to_jsonb(agents) AS agent FROM meetings LEFT JOIN agents ON agents.id = meetings.agent_id
       WHERE meetings.id = $1`,
      [meetingId],
    );
    if (!rows[0]) throw new Error(`Meeting ${meetingId} not found`);
    return rows[0] as Loaded;
  }

  async function followPlan(meeting: Loaded, blueprintSessions: unknown[], transcript: string): Promise<void> {
    const currentProgress = meeting.progress ?? [];
    const analysis = await withRetry(
      () => generateMeetingAnalysis(complete, { blueprintSessions, currentProgress, transcript }),
      2,
      2000,
    );
    await withRetry(
      () =>
        db.query("UPDATE meetings SET status = 'completed', summary = $2, progress = $3 WHERE id = $1", [
          meeting.id,
          analysis.progressSummary,
          JSON.stringify(analysis.updatedProgress),
        ]),
      3,
      1000,
    );
    await createNextMeeting(meeting, analysis);
  }

  async function createNextMeeting(meeting: Loaded, analysis: MeetingAnalysis): Promise<void> {
    const nextSession = findNextSession(analysis.updatedProgress);
    if (!nextSession) return;
    await withRetry(
      () =>
        db.query(
          `INSERT INTO meetings (name, user_id, agent_id, prompt, progress, status)
           VALUES ($1, $2, $3, $4, $5, 'upcoming')`,
          [
            nextSession.session_name,
            meeting.user_id,
            meeting.agent_id,
            analysis.nextSessionPrompt,
            JSON.stringify(analysis.updatedProgress),
          ],
        ),
      3,
      1000,
    );
    log(`[Processing] Created next meeting for session: ${nextSession.session_name}`);
  }

  async function summarise(meetingId: string, transcript: string): Promise<void> {
    const content = await withRetry(
      () =>
        complete([
          {
            role: "system",
            content: "You summarise meetings. Write a readable, concise summary of the transcript you are given.",
          },
          { role: "user", content: `The transcript to summarise: ${transcript}` },
        ]),
      2,
      2000,
    );
    const summary = content || "Summary generation failed";
    await withRetry(
      () => db.query("UPDATE meetings SET status = 'completed', summary = $2 WHERE id = $1", [meetingId, summary]),
      3,
      1000,
    );
  }
}
