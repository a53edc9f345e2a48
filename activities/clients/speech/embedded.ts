import { failure, startChild } from "../child.ts";
import type { SpeechEngine, SpeechSession } from "./engine.ts";
import { findStretches } from "./stretches.ts";
import type { SpeechWeights } from "./weights.ts";

export interface EmbeddedOpen {
  speech: string;
  weights: SpeechWeights;
  threads: number;
}

const isEnglish = (language: string | null) => language === null || /^en(-|$)/i.test(language);

/** Moonshine tiny on this machine, in a child process of its own; English only. `weights` is asked once per session. */
export function createEmbeddedEngine({
  weights,
  threads = 2,
  maxRssMb = 1500,
}: {
  weights: () => Promise<SpeechWeights>;
  threads?: number;
  maxRssMb?: number;
}): SpeechEngine {
  return {
    id: "moonshine-tiny",
    maxPieceSeconds: 12,
    timesUtterances: false,
    namesSpeakers: false,
    languages: ["en"],
    detects: false,
    supports: isEnglish,
    async open({ speech, language, signal }): Promise<SpeechSession> {
      if (!isEnglish(language)) throw failure("language_unsupported");
      const files = await weights();
      const child = startChild({ module: new URL("./speech-child.ts", import.meta.url), maxRssMb, signal });
      try {
        await child.call<void>("open", { speech, weights: files, threads } satisfies EmbeddedOpen, {
          deadlineMs: 120_000,
          deadlineCode: "stalled",
        });
      } catch (error) {
        await child.close();
        throw error;
      }
      return {
        stretches: (onProgress) => findStretches({ speech, signal, onProgress }),
        async recognise({ start, end }) {
          // Some 30 times faster than speech on an ordinary machine; more than this is a hang.
          const deadlineMs = 30_000 + (end - start) * 4000;
          const text = await child.call<string>("recognise", { start, end }, { deadlineMs, deadlineCode: "stalled" });
          return text === "" ? [] : [{ text, start, end }];
        },
        close: () => child.close(),
      };
    },
  };
}
