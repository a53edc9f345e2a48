/** What a person gives a channel for all of its episodes: the sound before and after each, and its cover. */
export const jingleKinds = ["intro", "outro"] as const;
export type JingleKind = (typeof jingleKinds)[number];
export const channelFileKinds = [...jingleKinds, "cover"] as const;
export type ChannelFileKind = (typeof channelFileKinds)[number];

/** A minute of WAV in stereo at 48 kHz and 24 bits takes 17 MB. */
export const mostJingleBytes = 20 * 1024 ** 2;
/** Listeners hear it with each episode. */
export const mostJingleSeconds = 60;

/** What directories take; a cover is square. */
export const coverWidths = { least: 1_400, most: 3_000 };
/** Directories advise no more, and each episode's file has it in it. */
export const mostCoverBytes = 512 * 1024;

interface Cover {
  mediaType: string;
  sha256: string;
}

/** The last part of a cover's address: another picture has another, so that apps fetch it. */
export const coverName = ({ mediaType, sha256 }: Cover): string =>
  `cover-${sha256.slice(0, 16)}.${mediaType === "image/png" ? "png" : "jpg"}`;
