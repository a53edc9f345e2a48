import type { Analyst } from "#activities/clients/analyst/analyst.ts";
import { extract } from "#activities/clients/analyst/summary/extract.ts";
import { linkEvidence } from "#domain/evidence.ts";

/** The built-in analyst without its thread, which would load its models anew for each meeting of each test. */
export const quotingAnalyst: Analyst = {
  id: "embedded",
  model: "extractive",
  promptVersion: "quotes-1",
  async analyse(request, { signal, onProgress }) {
    signal.throwIfAborted();
    return { result: linkEvidence(extract(request, onProgress), request.segments, "verbatim"), costCents: 0 };
  },
};
