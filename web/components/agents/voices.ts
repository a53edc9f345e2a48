/** The voices of OpenAI's realtime models; the practice call speaks with the browser's own. */
export const voices = [
  "alloy",
  "ash",
  "ballad",
  "coral",
  "echo",
  "sage",
  "shimmer",
  "verse",
  "marin",
  "cedar",
] as const;
