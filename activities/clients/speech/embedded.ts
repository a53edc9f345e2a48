import { inParallel } from "#domain/in-parallel.ts";
import { timing } from "#domain/timing.ts";
import { failure } from "../child.ts";
import { keepChildren } from "../kept-children.ts";
import type { SpeechEngine, SpeechSession } from "./engine.ts";
import { foreignBy, piecesToTry } from "./language-mismatch.ts";
import type { SpeechWeights } from "./weights.ts";

export interface EmbeddedOpen {
  speech: string;
  weights: SpeechWeights;
}

const isEnglish = (language: string | null) => language === null || /^en(-|$)/i.test(language);

/**
 * Moonshine tiny on this machine, in a child process of its own that stays for the next turn; English only. `weights` is
 * asked until it has answered: a look at them with every turn would cost more than some turns do. Each piece has a thread.
 */
export function createEmbeddedEngine({
  weights,
  piecesAtOnce = 2,
  maxRssMb = 1500,
}: {
  weights: () => Promise<SpeechWeights>;
  piecesAtOnce?: number;
  maxRssMb?: number;
}): SpeechEngine {
  const module = new URL("./speech-child.ts", import.meta.url);
  const children = keepChildren({ module, maxRssMb, idleMs: timing.keepLoadedMs });
  let files: Promise<SpeechWeights> | undefined;
  const weightsOnce = () =>
    (files ??= weights().catch((error: unknown) => {
      files = undefined;
      throw error;
    }));
  return {
    id: "moonshine-tiny",
    maxPieceSeconds: 12,
    piecesAtOnce,
    timesUtterances: false,
    namesSpeakers: false,
    languages: ["en"],
    detects: false,
    supports: isEnglish,
    async open({ speech, language, signal }): Promise<SpeechSession> {
      if (!isEnglish(language)) throw failure("language_unsupported");
      const found = await weightsOnce();
      const { child, release } = children.borrow(signal);
      const deadline = { deadlineMs: 120_000, deadlineCode: "stalled" } as const;
      try {
        await child.call<void>("open", { speech, weights: found } satisfies EmbeddedOpen, deadline);
      } catch (error) {
        // They may have been removed or damaged meanwhile.
        files = undefined;
        await child.close();
        throw error;
      }
      return {
        async recognise({ start, end }) {
          // Some 30 times faster than speech on an ordinary machine; more than this is a hang.
          const deadlineMs = 30_000 + (end - start) * 4000;
          const text = await child.call<string>("recognise", { start, end }, { deadlineMs, deadlineCode: "stalled" });
          return text === "" ? [] : [{ text, start, end }];
        },
        async soundsForeign(pieces) {
          const heard: string[][] = [];
          await inParallel(piecesToTry(pieces), piecesAtOnce, async ({ start, end }) => {
            const deadlineMs = 30_000 + (end - start) * 12_000;
            heard.push(await child.call("hearings", { start, end }, { deadlineMs, deadlineCode: "stalled" }));
          });
          return foreignBy(heard);
        },
        async close() {
          // It may have been killed, or be out of its mind: then it does not come back either.
          await child.call<void>("shut", null, deadline).catch(() => child.close());
          await release();
        },
      };
    },
  };
}
