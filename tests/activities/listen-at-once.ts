import type { Listening } from "#activities/clients/speech/diarize.ts";

/** Listens to everything at once and keeps nothing. */
export const atOnce: Listening = async (_what, listen) => {
  const all = [];
  for (let from: number | null = 0; from !== null;) {
    const { found, next } = await listen(from);
    all.push(...found);
    from = next;
  }
  return all;
};
