import { z } from "zod";
import { prose } from "./text.ts";

/**
 * The practice room's protocol: what people's browsers, the room (in a web process) and the agent (in a worker) say to
 * each other. Messages are JSON; a person's audio is binary, 16-bit little-endian PCM of one channel.
 */

/** Samples a second of all audio in a practice room. */
export const practiceRate = 16_000;

/** The largest binary message of a person: two seconds of sound. */
export const largestFrameBytes = 64 * 1024;

const longestText = 4_000;
const text = z.string().max(20_000);
const id = z.string().min(1).max(100);
const name = z.string().max(200);

export const PracticeRole = z.enum(["host", "member", "guest"]);
export type PracticeRole = z.infer<typeof PracticeRole>;

/** What a person says to the room. */
export const PersonMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("say"), text: prose(longestText).min(1) }),
  z.object({ type: z.literal("mute"), muted: z.boolean() }),
  z.object({ type: z.literal("interrupt") }),
  /** How much of a reply this browser has spoken aloud; `done` also where it has no voice and only shows it. */
  z.object({ type: z.literal("spoken"), itemId: id, chars: z.number().int().min(0).max(100_000), done: z.boolean() }),
  z.object({ type: z.literal("leave") }),
  /** Ends the call for everybody; only a host's counts. */
  z.object({ type: z.literal("end") }),
  z.object({ type: z.literal("ping") }),
]);
export type PersonMessage = z.infer<typeof PersonMessage>;

const Person = z.object({
  id,
  name,
  role: PracticeRole,
  muted: z.boolean(),
  /** The connection is lost, and there is still time to come back. */
  away: z.boolean(),
});
export type PracticePerson = z.infer<typeof Person>;

const Agent = z.object({
  name,
  state: z.enum(["away", "joining", "listening", "thinking", "speaking", "failed"]),
  /** What people should know of it, such as that it cannot hear; empty where all is well. */
  message: text,
});
export type PracticeAgent = z.infer<typeof Agent>;

/** Words of one utterance. A later caption of the same `itemId` replaces it. */
export const PracticeCaption = z.object({
  itemId: id,
  speaker: z.enum(["agent", "person"]),
  participantId: id.nullable(),
  name,
  text,
  /** No more words come. */
  final: z.boolean(),
  /** The agent was interrupted; the text is what it got to say. */
  interrupted: z.boolean(),
  at: z.iso.datetime(),
});
export type PracticeCaption = z.infer<typeof PracticeCaption>;

/** What the room says to a person. */
export const RoomMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("joined"),
    participantId: id,
    sessionId: id,
    elapsedMs: z.number(),
    people: z.array(Person),
    agent: Agent,
    captions: z.array(PracticeCaption),
  }),
  z.object({ type: z.literal("participants"), people: z.array(Person) }),
  z.object({ type: z.literal("agent"), ...Agent.shape }),
  z.object({ type: z.literal("caption"), ...PracticeCaption.shape }),
  /** `left`: you left; `empty`: everybody left; `host`: the host ended it; `closed`: the meeting is over. */
  z.object({ type: z.literal("ended"), by: z.enum(["left", "empty", "host", "closed"]) }),
  z.object({ type: z.literal("pong") }),
]);
export type RoomMessage = z.infer<typeof RoomMessage>;
export type PracticeEnd = Extract<RoomMessage, { type: "ended" }>["by"];

/** Somebody in the room as the agent knows them: audio is tagged with the slot. */
const Seat = z.object({ slot: z.number().int().min(0).max(0xffff), id, name, muted: z.boolean() });
export type PracticeSeat = z.infer<typeof Seat>;

/** What the room says to the agent. The first message is `room`. */
export const AgentOrder = z.discriminatedUnion("type", [
  z.object({ type: z.literal("room"), people: z.array(Seat) }),
  /** A typed turn. It is said again to the next agent until one has confirmed it by its `itemId`. */
  z.object({ type: z.literal("say"), itemId: id, participantId: id, name, text }),
  z.object({ type: z.literal("interrupt") }),
  z.object({ type: z.literal("spoken"), itemId: id, chars: z.number(), done: z.boolean() }),
  /** The call is over: say what is left to say and close. */
  z.object({ type: z.literal("end") }),
]);
export type AgentOrder = z.infer<typeof AgentOrder>;

/** What the agent says to the room: events of a realtime session in OpenAI's shape, and how it is. */
export const AgentWord = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("event"),
    time: z.iso.datetime(),
    event: z.looseObject({ type: z.string().max(200) }),
  }),
  z.object({ type: z.literal("note"), message: text }),
]);
export type AgentWord = z.infer<typeof AgentWord>;

/** How the room ends a connection that it had accepted. Codes not listed mean: connect again. */
export const practiceCloseCodes = {
  /** The call is over, or this person has left it. */
  over: 4410,
  /** The same participant (or another agent) has joined from elsewhere. */
  replaced: 4409,
  full: 4429,
  tooSlow: 4408,
  flood: 1008,
  /** The room is, or goes, elsewhere; the next try finds it. */
  restarting: 1001,
  moved: 1012,
  unavailable: 1013,
} as const;

const frameVersion = 1;
const headBytes = 4;

/** Audio on its way to the agent: a version, a spare byte and the speaker's slot, then the samples. */
export function frameAudio(slot: number, pcm: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(headBytes + pcm.byteLength);
  new DataView(frame.buffer).setUint16(2, slot, true);
  frame[0] = frameVersion;
  frame.set(pcm, headBytes);
  return frame;
}

/** The samples of a frame and whose they are; null for what is none. */
export function readAudio(frame: Uint8Array): { slot: number; samples: Int16Array } | null {
  const bytes = frame.byteLength - headBytes;
  if (bytes <= 0 || bytes % 2 !== 0 || frame[0] !== frameVersion) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const samples = new Int16Array(bytes / 2);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = view.getInt16(headBytes + index * 2, true);
  }
  return { slot: view.getUint16(2, true), samples };
}
