import type { Readable } from "node:stream";

/**
 * Where audio and what is made of it lie: a folder, or S3, since web and worker may not share a disk.
 * Keys look like `conversations/<id>/original`; everything of a conversation has its prefix, so a delete finds it all.
 * What belongs to a channel and not to one of its videos lies below `channels/<id>/`.
 */
export interface MediaStore {
  /** Moves a finished local file into the store. */
  putFile(key: string, path: string): Promise<void>;
  putText(key: string, text: string): Promise<void>;
  /** Size in bytes, or null where there is no such object. */
  size(key: string): Promise<number | null>;
  /** Bytes `start` to `end` (both counted, as in HTTP Range). Destroy the stream when done early. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** A local path with the object's bytes, for tools that need a file; `using` gives temporary copies back. */
  localFile(key: string): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }>;
  /** Removes every object whose key begins with the prefix. Removing nothing is no error. */
  removeAll(prefix: string): Promise<void>;
}

export const mediaPrefix = (conversationId: string) => `conversations/${conversationId}/`;
export const mediaKeys = (conversationId: string) => ({
  original: `${mediaPrefix(conversationId)}original`,
  speech: `${mediaPrefix(conversationId)}speech.wav`,
  rendition: `${mediaPrefix(conversationId)}rendition`,
  peaks: `${mediaPrefix(conversationId)}peaks.json`,
  callAudio: `${mediaPrefix(conversationId)}call-audio`,
});
/** Where a revision of a video's episode lies; it is written once. */
export const episodeAudioKey = (videoId: string, revision: number): string =>
  `${mediaPrefix(videoId)}episode-${revision}.mp3`;
/** Whether it is decoded sound, which a run works on in many turns. */
export const isSpeech = (key: string): boolean => key.endsWith("/speech.wav");
/** Where sound lies that comes to a conversation later. Each upload has a place of its own, so that none takes another's. */
export const laterOriginal = (conversationId: string, uploadId: string): string =>
  `${mediaPrefix(conversationId)}original-${uploadId}`;

export const channelPrefix = (channelId: string) => `channels/${channelId}/`;
/** Where a channel's intro, outro or cover lies. Each upload has a place of its own, which is written once. */
export const channelFileKey = (channelId: string, fileId: string): string => `${channelPrefix(channelId)}${fileId}`;
