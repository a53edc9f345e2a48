/** What a channel's source can be. */
export const channelSources = ["feed"] as const;

/** What is published without a person: what the machine is sure of, nothing, or all. */
export const channelModes = ["sure", "hold", "all"] as const;
