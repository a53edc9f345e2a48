/** Where listeners find a channel's podcast, by the key that stays the channel's for ever. */
export const feedAddress = (publicUrl: string, key: string): string => `${publicUrl}/podcasts/${key}/feed.xml`;
