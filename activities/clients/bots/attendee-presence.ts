import type { BotPresence } from "./bot-provider.ts";
import type { ParticipantEvent, Utterance } from "./attendee-answers.ts";

const spoken = ["speech_start", "speech_stop"];

/**
 * Who is in a meeting and when somebody was heard last. Attendee tells of speech only where that was opted in, and of
 * utterances where it transcribes; the bot itself is in neither list.
 * Source: attendee-labs/attendee `docs/participant_events.md` and `bots/serializers.py`, ParticipantEventSerializer.
 */
export function presenceOf(events: readonly ParticipantEvent[] | null, said: readonly Utterance[]): BotPresence {
  const heard = [
    ...(events ?? []).filter(({ event_type }) => spoken.includes(event_type)).map(({ timestamp_ms }) => timestamp_ms),
    ...said.map(({ timestamp_ms, duration_ms }) => timestamp_ms + Math.max(0, duration_ms)),
  ];
  return {
    people: events === null ? null : peopleIn(events),
    lastSpokenAt: heard.length === 0 ? null : new Date(heard.reduce((last, each) => Math.max(last, each))),
  };
}

function peopleIn(events: readonly ParticipantEvent[]): number {
  const present = new Set<string>();
  for (const { participant_uuid, event_type } of events.toSorted((a, b) => a.timestamp_ms - b.timestamp_ms)) {
    if (event_type === "join") present.add(participant_uuid);
    if (event_type === "leave") present.delete(participant_uuid);
  }
  return present.size;
}
