/** What a person gives a channel for all of its episodes: the sound before and after each, and its cover. */
export const jingleKinds = ["intro", "outro"] as const;
export type JingleKind = (typeof jingleKinds)[number];
export type ChannelFileKind = JingleKind | "cover";

/** A minute of WAV in stereo at 48 kHz and 24 bits takes 17 MB. */
export const mostJingleBytes = 20 * 1024 ** 2;
/** Listeners hear it with each episode. */
export const mostJingleSeconds = 60;
