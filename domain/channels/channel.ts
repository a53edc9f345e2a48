/** What a channel's source can be: a feed or a channel of YouTube that is read, or files that people put into it themselves. */
export const channelSources = ["feed", "upload", "youtube"] as const;

/** What is published without a person: what the machine is sure of, nothing, or all. */
export const channelModes = ["sure", "hold", "all"] as const;

/** Who can listen: whoever knows the podcast's address, or only who has one of their own. */
export const channelVisibilities = ["public", "private"] as const;
