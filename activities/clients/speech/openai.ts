import { toFile } from "openai";
import type OpenAI from "openai";
import { z } from "zod";
import type { Stretch } from "#domain/pieces.ts";
import type { Utterance } from "#domain/transcript.ts";
import { failure } from "../child.ts";
import { openSpeech, wavBytes } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import { createOpenAiClient } from "../openai-client.ts";
import { nameOf, openAiFailure } from "../openai-failure.ts";
import { NoTimes, asOne, isShort, mayLackTimes, shorterPieces, untimedSeconds } from "./untimed.ts";
import type { Span } from "./untimed.ts";
import type { KnownSpeaker, RecogniseContext, SpeechEngine } from "./engine.ts";
import { findAllStretches } from "./stretches.ts";

const Segments = z.object({
  segments: z.array(z.object({ start: z.number(), end: z.number(), text: z.string(), speaker: z.string().nullish() })),
});
const PlainText = z.union([z.object({ text: z.string() }), z.string().transform((text) => ({ text }))]);

// The model takes no more references than this.
const mostKnown = 4;

/**
 * OpenAI's transcription, or a compatible server's. `gpt-4o-transcribe-diarize` names speakers; of other models those
 * are asked for timed segments that have them (`whisper-1` and what compatible servers run).
 */
export function createOpenAiEngine({
  apiKey,
  baseUrl,
  model,
  deadlineMs = 300_000,
}: {
  apiKey: string;
  /** Of a compatible server, such as `http://localhost:8000/v1`. */
  baseUrl?: string | undefined;
  model: string;
  /** For one piece, the answer's body included. */
  deadlineMs?: number;
}): SpeechEngine {
  const client = createOpenAiClient({ apiKey, baseUrl });
  const namesSpeakers = model.endsWith("-diarize");
  const timesUtterances = namesSpeakers || !/^gpt-.*transcribe/.test(model);
  // Some servers give no times; that is learned from the first piece, as long as this process lives.
  let givesTimes = timesUtterances;
  return {
    id: model,
    // Labels do not carry over from one request to the next, so the diarising model gets long pieces.
    get maxPieceSeconds() {
      return namesSpeakers ? 300 : givesTimes ? 60 : untimedSeconds;
    },
    // Pieces of a diarising model are told apart by voices of those before; of the others a crash would pay several again.
    piecesAtOnce: 1,
    get timesUtterances() {
      return givesTimes;
    },
    namesSpeakers,
    languages: null,
    detects: true,
    supports: () => true,
    async open({ speech, language, signal }) {
      const reader = await openSpeech(speech);
      let found: Promise<Stretch[]> | undefined;
      const shorter = (piece: Span) => {
        found ??= findAllStretches({ speech, signal });
        return found.then((stretches) => shorterPieces(piece, stretches));
      };
      const ask = async (asked: Ask): Promise<Utterance[]> => {
        if (namesSpeakers) return askDiarized(asked);
        if (!givesTimes) return askUntimed(asked, shorter);
        try {
          return await askVerbose(asked);
        } catch (error) {
          if (!mayLackTimes(error)) throw error;
          const isDone = error instanceof NoTimes && isShort(asked.piece);
          const utterances = isDone ? asOne(error.text, asked.piece) : await askUntimed(asked, shorter);
          givesTimes = false;
          return utterances;
        }
      };
      return {
        async recognise(piece, context = {}) {
          signal?.throwIfAborted();
          const deadline = AbortSignal.timeout(deadlineMs);
          const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
          try {
            const utterances = await ask({ client, model, reader, piece, language, context, signal: ending });
            return utterances.map((each) => ({
              ...each,
              start: each.start + piece.start,
              end: each.end + piece.start,
            }));
          } catch (error) {
            signal?.throwIfAborted();
            const service = { kind: "speech" as const, client, model };
            if (!deadline.aborted) throw openAiFailure(error, service);
            throw failure("provider_unavailable", `${nameOf(service)}: no answer within ${deadlineMs} ms`);
          }
        },
        close: () => reader.close(),
      };
    },
  };
}

interface Ask {
  client: OpenAI;
  model: string;
  reader: SpeechReader;
  piece: Span;
  language: string | null;
  context: RecogniseContext;
  signal: AbortSignal;
}

async function askVerbose(ask: Ask): Promise<Utterance[]> {
  const answer = await ask.client.audio.transcriptions.create(
    {
      file: await pieceFile(ask),
      model: ask.model,
      response_format: "verbose_json",
      timestamp_granularities: ["segment"],
      ...languageOf(ask),
    },
    { signal: ask.signal },
  );
  const words = PlainText.safeParse(answer);
  if (words.success && !Segments.safeParse(answer).success) throw new NoTimes(words.data.text);
  return parse(Segments, answer).segments.map(({ start, end, text }) => ({ start, end, text: text.trim() }));
}

/** Without times an utterance is as long as the piece it is heard in, so longer ones are asked about bit by bit. */
async function askUntimed(ask: Ask, shorter: (piece: Span) => Promise<Span[]>): Promise<Utterance[]> {
  const { start } = ask.piece;
  if (isShort(ask.piece)) return askPlain(ask);
  const utterances: Utterance[] = [];
  for (const piece of await shorter(ask.piece)) {
    const heard = await askPlain({ ...ask, piece });
    utterances.push(
      ...heard.map((each) => ({
        ...each,
        start: each.start + piece.start - start,
        end: each.end + piece.start - start,
      })),
    );
  }
  return utterances;
}

async function askPlain(ask: Ask): Promise<Utterance[]> {
  const answer = await ask.client.audio.transcriptions.create(
    { file: await pieceFile(ask), model: ask.model, response_format: "json", ...languageOf(ask) },
    { signal: ask.signal },
  );
  return asOne(parse(PlainText, answer).text, ask.piece);
}

async function askDiarized(ask: Ask): Promise<Utterance[]> {
  const voices = ask.context.knownSpeakers ?? [];
  const segments = await diarize(ask, voices.slice(0, mostKnown));
  const numberOf = speakerNumbers(voices, await knownAgain(ask, segments, voices));
  return segments.map(({ start, end, text, speaker }) => ({
    start,
    end,
    text: text.trim(),
    ...(speaker ? { speaker: numberOf(speaker) } : {}),
  }));
}

/** A piece's segments; each of the known voices comes back by its name, others by letters of this one answer. */
async function diarize(ask: Ask, known: KnownSpeaker[]) {
  const answer = await ask.client.audio.transcriptions.create(
    {
      file: await pieceFile(ask),
      model: ask.model,
      response_format: "diarized_json",
      chunking_strategy: "auto",
      ...(known.length === 0
        ? {}
        : {
            known_speaker_names: known.map(({ speaker }) => knownName(speaker)),
            known_speaker_references: await Promise.all(known.map((each) => reference(ask.reader, each))),
          }),
      ...languageOf(ask),
    },
    { signal: ask.signal },
  );
  return parse(Segments, answer).segments;
}

type Segment = z.infer<typeof Segments>["segments"][number];
const length = ({ start, end }: Span) => end - start;

/**
 * Which voices without a name are known from other pieces after all. A request takes no more than four references, so
 * whoever else was heard before comes back as a letter: of each letter the longest stretch is asked about again, ten
 * seconds at most, beside the references that did not fit.
 */
async function knownAgain(ask: Ask, segments: Segment[], voices: KnownSpeaker[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const names = new Set(voices.slice(0, mostKnown).map(({ speaker }) => knownName(speaker)));
  const isAsked = ({ speaker, ...span }: Segment) => Boolean(speaker) && !names.has(speaker ?? "") && length(span) >= 1;
  for (const { speaker: letter, start, end } of segments.filter(isAsked).toSorted((a, b) => length(b) - length(a))) {
    if (!letter || names.has(letter)) continue;
    names.add(letter);
    const others = voices.slice(mostKnown).filter(({ speaker }) => ![...found.values()].includes(speaker));
    const from = ask.piece.start + start;
    const piece = { start: from, end: Math.min(from + 10, ask.piece.start + end) };
    for (let at = 0; at < others.length && !found.has(letter); at += mostKnown) {
      const some = others.slice(at, at + mostKnown);
      const [longest] = (await diarize({ ...ask, piece }, some)).toSorted((a, b) => length(b) - length(a));
      const voice = some.find(({ speaker }) => knownName(speaker) === longest?.speaker);
      if (voice !== undefined) found.set(letter, voice.speaker);
    }
  }
  return found;
}

const knownName = (speaker: number) => `speaker_${speaker}`;

/** Names of known speakers come back as given; a new voice gets a letter, and here the next free number. */
function speakerNumbers(known: KnownSpeaker[], again: ReadonlyMap<string, number>) {
  const numbers = new Map([...known.map(({ speaker }) => [knownName(speaker), speaker] as const), ...again]);
  return (name: string) => {
    const number = numbers.get(name) ?? Math.max(0, ...numbers.values()) + 1;
    numbers.set(name, number);
    return number;
  };
}

async function pieceFile({ reader, piece }: Ask) {
  return toFile(wavBytes(await reader.read(piece.start, piece.end)), "piece.wav", { type: "audio/wav" });
}

async function reference(reader: SpeechReader, { start, end }: KnownSpeaker) {
  return `data:audio/wav;base64,${wavBytes(await reader.read(start, end)).toString("base64")}`;
}

// The API wants a bare ISO 639-1 code.
/** Nothing is sent of a language nobody said: the model tells it. Whisper has a code of its own for Javanese. */
function languageOf({ language }: Ask) {
  const code = language?.split("-")[0]?.toLowerCase();
  return code === undefined ? {} : { language: code === "jv" ? "jw" : code };
}

function parse<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw failure("provider_answer", "the transcription is not in the format asked for");
  return parsed.data;
}
