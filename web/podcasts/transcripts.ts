import { linesOf } from "../export/source.ts";
import type { Spoken } from "../export/source.ts";
import { renderSrt, renderVtt } from "../export/subtitles.ts";

/** Transcripts by the end of their address. */
export const transcriptTypes = { vtt: "text/vtt", srt: "application/x-subrip", json: "application/json" } as const;
export type TranscriptForm = keyof typeof transcriptTypes;

const renderers: Record<TranscriptForm, (spoken: Spoken) => string> = {
  vtt: renderVtt,
  srt: renderSrt,
  json: renderJson,
};

export const renderTranscript = (form: TranscriptForm, spoken: Spoken): string => renderers[form](spoken);

/** As `podcast:transcript` has it: https://github.com/Podcastindex-org/podcast-namespace, transcripts.md */
function renderJson(spoken: Spoken): string {
  const segments = linesOf(spoken).map(({ speaker, text, start, end }) => ({
    speaker,
    startTime: start,
    endTime: end,
    body: text,
  }));
  return JSON.stringify({ version: "1.0.0", segments });
}
