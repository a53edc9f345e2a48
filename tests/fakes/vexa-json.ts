import type { FakeVexaBot } from "./vexa-bot.ts";

/** Naive UTC, as FastAPI writes the row's own times. */
const naive = (at: Date | null): string | null => at?.toISOString().replace("Z", "") ?? null;

/** A meeting's row; a list leaves out what is heavy (`collector/projection.py`, LIST_OMIT_KEYS). */
export function meetingJson(bot: FakeVexaBot, isListed: boolean) {
  const { row, steps } = bot;
  const heavy = {
    status_transition: steps.map(({ from, to, timestamp }) => ({ from, to, timestamp: timestamp.toISOString() })),
    recordings: recordingsJson(bot),
  };
  return {
    id: row.id,
    user_id: 7,
    platform: row.platform,
    native_meeting_id: row.native,
    constructed_meeting_url: row.meetingUrl,
    status: row.status,
    bot_container_id: bot.isPlanned() ? null : `bot-${row.id}`,
    start_time: naive(bot.startedAt()),
    end_time: naive(bot.endedAt()),
    created_at: naive(row.createdAt),
    updated_at: naive(steps.at(-1)?.timestamp ?? row.createdAt),
    data: {
      auto_join: false,
      ...(row.title === null ? {} : { title: row.title }),
      ...(bot.reason() === null ? {} : { completion_reason: bot.reason() }),
      ...(isListed ? {} : heavy),
    },
  };
}

function recordingsJson(bot: FakeVexaBot) {
  if (!bot.hasRecording()) return [];
  const media = { id: bot.row.id * 10, type: "audio", format: "webm", file_size_bytes: 1_000 };
  return [{ id: bot.row.id * 100, meeting_id: bot.row.id, status: "completed", media_files: [media] }];
}

export function transcriptJson(bot: FakeVexaBot) {
  const start = bot.startedAt()?.getTime() ?? 0;
  return {
    ...meetingJson(bot, false),
    segments: bot.utterances.map(({ speaker, text, from, to }) => ({
      segment_id: `s:${from}`,
      speaker,
      text,
      start: from,
      end: to,
      language: "en",
      completed: true,
      absolute_start_time: new Date(start + from * 1000).toISOString(),
      absolute_end_time: new Date(start + to * 1000).toISOString(),
    })),
  };
}
