import type { SpeechEngine } from "#activities/clients/speech/engine.ts";

/** A recogniser that only does what its test says. */
export const stubEngine = (open: SpeechEngine["open"], changes: Partial<SpeechEngine> = {}): SpeechEngine => ({
  id: "stub",
  maxPieceSeconds: 4,
  piecesAtOnce: 1,
  timesUtterances: false,
  namesSpeakers: false,
  languages: null,
  detects: true,
  supports: () => true,
  open,
  ...changes,
});

/** The stretches of speech that such a recogniser finds: two seconds in every ten. */
export const stretchAt = (index: number) => ({ start: index * 10 + 1, end: index * 10 + 3, quiet: [] });
