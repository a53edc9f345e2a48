import type { RunSlices } from "#activities/clients/speech/diarize.ts";

/** Works on everything at once and keeps nothing. */
export const runUnsliced: RunSlices = async (_what, runSlice) => {
  const all = [];
  for (let from: number | null = 0; from !== null;) {
    const { found, next } = await runSlice(from);
    all.push(...found);
    from = next;
  }
  return all;
};
