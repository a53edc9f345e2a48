import { cut } from "#domain/text.ts";
import type { BotOrder } from "./bot-provider.ts";

/**
 * Most characters of a message to the meeting, by its host's name; Webex takes none.
 * Source: docs.recall.ai `docs/sending-chat-messages`.
 */
const messageLimits = new Map([
  ["meet.google.com", 500],
  ["zoom", 4_096],
  ["teams", 4_096],
]);

/**
 * The body that creates a bot: sound and captions, no video. What is left out (when to leave by itself, and for how long
 * Recall keeps the recording) is its default.
 * Sources: docs.recall.ai `reference/bot_create`, `docs/how-to-get-mixed-audio-async`, `docs/meeting-caption-transcription`.
 */
export function creationOf({ key, recorderId, meetingUrl, botName, consentMessage }: BotOrder) {
  const message = cut(consentMessage, messageLimit(meetingUrl));
  return {
    meeting_url: meetingUrl,
    bot_name: cut(botName, 100).trim() || "Recorder",
    metadata: { recorderId, key },
    recording_config: {
      audio_mixed_mp3: {},
      video_mixed_mp4: null,
      transcript: { provider: { meeting_captions: {} } },
    },
    ...(message.trim() === "" ? {} : { chat: { on_bot_join: { send_to: "everyone", message } } }),
  };
}

function messageLimit(meetingUrl: string): number {
  const host = URL.parse(meetingUrl)?.hostname ?? "";
  return [...messageLimits].find(([name]) => host.includes(name))?.[1] ?? 0;
}
