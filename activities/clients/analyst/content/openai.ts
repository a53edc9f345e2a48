import { createModelReader } from "../asking/model-reader.ts";
import type { ModelReaderOptions } from "../asking/model-reader.ts";
import { readEnds } from "../asking/openai-parts.ts";
import type { ContentReader } from "./content-reader.ts";
import { ContentAnswer, contentPrompt } from "./openai-prompt.ts";
import type { ContentLine } from "./openai-prompt.ts";

/** The reader that has a language model read. Of a transcript too long for it, it reads as much of either end. */
export function createOpenAiContentReader(options: ModelReaderOptions): ContentReader {
  const readBy = createModelReader(options);
  return {
    model: options.model,
    async readContent(request, given) {
      given.signal.throwIfAborted();
      // Short ids cost fewer tokens than UUIDs.
      const realIds = new Map(request.segments.map(({ id }, index) => [`s${index + 1}`, id]));
      const lines = request.segments.map(({ speaker, start, text }, index): ContentLine => ({
        id: `s${index + 1}`,
        speaker,
        start: Math.round(start),
        text,
      }));
      const { result, costCents } = await readBy(given, ({ ask, size, signal }) =>
        readEnds(lines, size, (kept) =>
          ask({ name: "main_content", schema: ContentAnswer, prompt: contentPrompt(request, kept), signal }),
        ),
      );
      const { first, last } = result.answer;
      const real = ({ id, quote }: typeof first) => ({ segmentId: realIds.get(id) ?? "invented", quote });
      return { claim: { first: real(first), last: real(last) }, costCents };
    },
  };
}
