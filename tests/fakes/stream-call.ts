import { randomUUID } from "node:crypto";
import { callObject, streamEvents, streamNanos } from "./stream-events.ts";
import type { CallFacts, PersonFacts, StreamEvent } from "./stream-events.ts";
import type { RealtimeLink } from "./stream-link.ts";
import { agentSpeech, userSpeech } from "./stream-speech.ts";
import type { ServerEvent, SpeechEvents, Spelling, Utterance } from "./stream-speech.ts";
import type { Delivery } from "./stream-webhooks.ts";

export interface CallOptions {
  spelling: Spelling;
  /** A person's words are known only after the agent has answered them. */
  lateTranscription: boolean;
  /** Tells the webhook's receiver; nobody listens until an address is given. */
  publish: (event: StreamEvent) => Promise<Delivery[]>;
}

export interface Moment {
  /** When it happened, by the provider's clock (default now). */
  at?: Date;
  /** True: it happens, and its webhook is lost. */
  lost?: boolean;
}

export interface Session {
  id: string;
  startedAt: Date;
  endedAt: Date | null;
}

/** One call as Stream knows it: its sessions, the agents in it, and what is said there. */
export function createCall(id: string, { spelling, lateTranscription, publish }: CallOptions) {
  const sessions: Session[] = [];
  const links: RealtimeLink[] = [];
  const joined = new Set<() => void>();
  let exists = false;
  let custom: Record<string, unknown> = { meetingId: id };
  let endedAt: Date | null = null;
  let held: ServerEvent[] = [];
  let lastItem: string | null = null;
  let spokenMs = 0;

  const current = () => sessions.at(-1);
  const facts = (at: Date): CallFacts => ({
    meetingId: id,
    sessionId: current()?.id ?? "",
    at,
    custom,
    startedAt: current()?.startedAt ?? null,
    endedAt: current()?.endedAt ?? null,
    callEndedAt: endedAt,
  });
  const tell = async (event: StreamEvent, { lost = false }: Moment): Promise<Delivery[]> =>
    lost ? [] : publish(event);
  const open = () => links.filter((link) => link.isOpen());
  const play = (events: ServerEvent[]) => {
    for (const link of open()) for (const event of events) link.send(event);
  };

  const call = {
    id,
    exists: () => exists,
    create(data: Record<string, unknown> | undefined) {
      if (!exists && data) custom = data;
      exists = true;
    },
    sessions,
    /** The call in the words of Stream's API, whose times are nanoseconds. */
    toJson: () => callObject(facts(new Date()), streamNanos),

    /** The first person is there: a session starts. */
    async start({ at = new Date(), ...moment }: Moment = {}): Promise<Delivery[]> {
      exists = true;
      sessions.push({ id: randomUUID(), startedAt: at, endedAt: null });
      return tell(streamEvents.sessionStarted(facts(at)), moment);
    },
    /** Nobody is there any more: the session ends. An agent's connection stays until one side closes it. */
    async end({ at = new Date(), ...moment }: Moment = {}): Promise<Delivery[]> {
      const session = current();
      if (!session || session.endedAt) throw new Error(`No session of ${id} is open`);
      session.endedAt = at;
      return tell(streamEvents.sessionEnded(facts(at)), moment);
    },
    /** "End for all": everyone is sent out, the agent too. */
    async endForAll({ at = new Date(), ...moment }: Moment = {}): Promise<Delivery[]> {
      endedAt = at;
      const deliveries = await tell(streamEvents.callEnded(facts(at)), moment);
      for (const link of open()) link.hangUp();
      const last = current();
      return last && !last.endedAt ? [...deliveries, ...(await call.end({ at, ...moment }))] : deliveries;
    },
    join: async (person: PersonFacts, { at = new Date(), ...moment }: Moment = {}) =>
      tell(streamEvents.participantJoined({ ...facts(at), ...person }), moment),
    leave: async (person: PersonFacts, { at = new Date(), ...moment }: Moment = {}) =>
      tell(streamEvents.participantLeft({ ...facts(at), ...person }), moment),

    /** Every agent's connection there ever was, the oldest first. */
    links,
    openLinks: open,
    seat(link: RealtimeLink) {
      links.push(link);
      for (const wake of joined) wake();
      joined.clear();
    },
    /** The `nth` agent that joined (from 1), once its session is configured; waits for it. */
    async agent(nth = 1): Promise<RealtimeLink> {
      for (;;) {
        const link = links[nth - 1];
        if (link) {
          await link.configured();
          return link;
        }
        await new Promise<void>((resolve) => {
          joined.add(resolve);
        });
      }
    },

    /** Plays an utterance to the agents in the call; gives its item's id. Without an agent nobody hears it. */
    say(said: Utterance): string {
      const speech =
        said.speaker === "user"
          ? userSpeech(said, spelling, lastItem, spokenMs)
          : agentSpeech(said, spelling, lastItem);
      lastItem = speech.itemId;
      spokenMs += 1000;
      if (said.speaker === "user") hear(speech);
      else {
        play([...speech.begins, ...speech.interim, ...speech.ends]);
        call.flush();
      }
      return speech.itemId;
    },
    /** Sends the transcriptions that are held back. */
    flush() {
      const events = held;
      held = [];
      play(events);
    },
    play,
  };

  // What is not configured is not heard: OpenAI finds voices and writes words only where the session asks for it.
  function hear(speech: SpeechEvents) {
    for (const link of open()) {
      const { turn_detection, transcription } = link.session().audio?.input ?? {};
      for (const event of turn_detection ? speech.begins : []) link.send(event);
      if (!transcription || lateTranscription) continue;
      for (const event of [...speech.interim, ...speech.ends]) link.send(event);
    }
    if (lateTranscription) held.push(...speech.interim, ...speech.ends);
  }

  return call;
}

export type FakeCall = ReturnType<typeof createCall>;
