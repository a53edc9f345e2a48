import type { EpisodeView } from "#records/channels/episodes.ts";

const stateWords: Record<string, string> = {
  held: "Held",
  published: "Published",
  withdrawn: "Withdrawn",
  discarded: "Discarded",
};

/** What became of an episode, in a word. */
export function EpisodeState({ episode: { state, published } }: { episode: EpisodeView }) {
  return (
    <span
      className={`rounded-full px-2.5 text-sm font-medium ${published ? "bg-accent-wash text-accent-strong" : "bg-sunken text-soft"}`}
    >
      {stateWords[state] ?? state}
    </span>
  );
}
