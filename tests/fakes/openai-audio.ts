import type { IncomingMessage } from "node:http";
import { createHash } from "node:crypto";
import busboy from "busboy";

/** One uploaded form of `/v1/audio/transcriptions`. The file's bytes are not kept, only what tests ask about. */
export interface TranscriptionForm {
  fields: Record<string, string>;
  file: { name: string; bytes: number; sha256: string; seconds: number } | null;
}

/** What the fake hears. Times are seconds within the uploaded file; `speaker` is a capital letter, as the diarising model says it. */
export interface ScriptedSegment {
  text: string;
  start: number;
  end: number;
  speaker?: string;
}

/** OpenAI takes files up to 25 MB. */
export const maxFileBytes = 25 * 1024 * 1024;

const models: Record<string, readonly string[]> = {
  "whisper-1": ["json", "text", "srt", "verbose_json", "vtt"],
  "gpt-4o-transcribe": ["json", "text"],
  "gpt-4o-mini-transcribe": ["json", "text"],
  "gpt-4o-transcribe-diarize": ["json", "text", "diarized_json"],
};

export function readForm(request: IncomingMessage): Promise<TranscriptionForm> {
  const { promise, resolve, reject } = Promise.withResolvers<TranscriptionForm>();
  const form: TranscriptionForm = { fields: {}, file: null };
  const parser = busboy({ headers: request.headers });
  parser.on("field", (name, value) => {
    form.fields[name] = value ?? "";
  });
  parser.on("file", (_name, stream, { filename }) => {
    const hash = createHash("sha256");
    const head: Buffer[] = [];
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      if (bytes < 44) head.push(chunk);
      bytes += chunk.length;
      hash.update(chunk);
    });
    stream.on("end", () => {
      form.file = {
        name: filename ?? "",
        bytes,
        sha256: hash.digest("hex"),
        seconds: secondsOf(Buffer.concat(head), bytes),
      };
    });
  });
  parser.on("close", () => resolve(form));
  parser.on("error", reject);
  request.on("error", reject);
  request.pipe(parser);
  return promise;
}

// A WAV header carries its byte rate at offset 28; anything else is taken for 64 kbit/s.
function secondsOf(head: Buffer, bytes: number): number {
  const isWav = head.length >= 44 && head.toString("latin1", 0, 4) === "RIFF";
  const byteRate = isWav ? head.readUInt32LE(28) : 8000;
  return Math.max(0.1, Math.round((bytes / (byteRate || 8000)) * 100) / 100);
}

/** OpenAI's own objections to a form, or null. */
export function formFault({
  fields,
  file,
}: TranscriptionForm): { status: number; message: string; param: string | null } | null {
  if (!file) return { status: 400, message: "Missing required parameter: 'file'.", param: "file" };
  if (file.bytes === 0) return { status: 400, message: "The audio file is empty.", param: "file" };
  if (file.bytes > maxFileBytes)
    return { status: 413, message: `Maximum content size limit (${maxFileBytes}) exceeded`, param: null };
  const formats = models[fields.model ?? ""];
  if (!formats) return { status: 404, message: `The model '${fields.model}' does not exist`, param: "model" };
  const format = fields.response_format ?? "json";
  if (!formats.includes(format))
    return {
      status: 400,
      message: `response_format '${format}' is not compatible with model '${fields.model}'.`,
      param: "response_format",
    };
  if (fields.model === "gpt-4o-transcribe-diarize" && file.seconds > 30 && !fields.chunking_strategy)
    return { status: 400, message: "chunking_strategy is required for diarization models", param: "chunking_strategy" };
  return null;
}

/** The answer in the format asked for: a string for `text`, an object for the rest. */
export function transcription({ fields, file }: TranscriptionForm, segments: ScriptedSegment[]): unknown {
  const text = segments.map((segment) => segment.text).join(" ");
  const duration = file?.seconds ?? 0;
  switch (fields.response_format) {
    case "text":
      return `${text}\n`;
    case "verbose_json":
      return {
        task: "transcribe",
        language: "english",
        duration,
        text,
        segments: segments.map((segment, id) => ({
          id,
          seek: 0,
          start: segment.start,
          end: segment.end,
          text: ` ${segment.text}`,
          tokens: [],
          temperature: 0,
          avg_logprob: -0.2,
          compression_ratio: 1.2,
          no_speech_prob: 0.01,
        })),
        usage: { type: "duration", seconds: Math.ceil(duration) },
      };
    case "diarized_json":
      return {
        task: "transcribe",
        duration,
        text,
        segments: segments.map((segment, index) => ({
          type: "transcript.text.segment",
          id: `seg_${String(index).padStart(3, "0")}`,
          start: segment.start,
          end: segment.end,
          text: segment.text,
          speaker: segment.speaker ?? "A",
        })),
        usage: { type: "duration", seconds: Math.ceil(duration) },
      };
    default:
      return { text, usage: { type: "duration", seconds: Math.ceil(duration) } };
  }
}
