import { z } from "zod";

/** `session.update` as OpenAI's Realtime API takes it since its general release; any other name refuses the whole. */

const Format = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("audio/pcm"), rate: z.literal(24_000).optional() }),
  z.strictObject({ type: z.literal("audio/pcmu") }),
  z.strictObject({ type: z.literal("audio/pcma") }),
]);

const TurnDetection = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("server_vad"),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.number().int().min(0).optional(),
    silence_duration_ms: z.number().int().min(0).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
    idle_timeout_ms: z.number().int().min(5000).max(30_000).nullable().optional(),
  }),
  z.strictObject({
    type: z.literal("semantic_vad"),
    eagerness: z.enum(["low", "medium", "high", "auto"]).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
]);

const AudioInput = z.strictObject({
  format: Format.optional(),
  transcription: z
    .strictObject({
      model: z.enum(["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize"]),
      language: z.string().optional(),
      prompt: z.string().optional(),
    })
    .nullable()
    .optional(),
  noise_reduction: z
    .strictObject({ type: z.enum(["near_field", "far_field"]) })
    .nullable()
    .optional(),
  turn_detection: TurnDetection.nullable().optional(),
});

const AudioOutput = z.strictObject({
  format: Format.optional(),
  voice: z.enum(["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"]).optional(),
  speed: z.number().min(0.25).max(1.5).optional(),
});

export const RealtimeSession = z.strictObject({
  type: z.literal("realtime"),
  model: z.string().optional(),
  instructions: z.string().optional(),
  output_modalities: z.union([z.tuple([z.literal("audio")]), z.tuple([z.literal("text")])]).optional(),
  audio: z.strictObject({ input: AudioInput.optional(), output: AudioOutput.optional() }).optional(),
  tools: z.array(z.looseObject({ type: z.enum(["function", "mcp"]) })).optional(),
  tool_choice: z.unknown().optional(),
  max_output_tokens: z.union([z.number().int().min(1).max(4096), z.literal("inf")]).optional(),
  include: z.array(z.string()).optional(),
  prompt: z.unknown().optional(),
  tracing: z.unknown().optional(),
  truncation: z.unknown().optional(),
});
export type RealtimeSession = z.infer<typeof RealtimeSession>;

/** OpenAI's answer to an update it does not take. */
export interface SessionObjection {
  type: "invalid_request_error";
  code: string;
  message: string;
  param: string;
}

export function checkSession(session: unknown): RealtimeSession | SessionObjection {
  const parsed = RealtimeSession.safeParse(session);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const param = ["session", ...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join(".");
  return {
    type: "invalid_request_error",
    code: unknown === undefined ? "invalid_value" : "unknown_parameter",
    message: unknown === undefined ? `Invalid value: '${param}'. ${issue?.message}` : `Unknown parameter: '${param}'.`,
    param,
  };
}

/** An update changes what it names; all else stays. */
export function mergeSession(known: RealtimeSession, update: RealtimeSession): RealtimeSession {
  return {
    ...known,
    ...update,
    audio: {
      input: { ...known.audio?.input, ...update.audio?.input },
      output: { ...known.audio?.output, ...update.audio?.output },
    },
  };
}
