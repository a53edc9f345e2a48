import { AV_DISPOSITION_DEFAULT } from "node-av/constants";
import type { Stream } from "node-av/lib";
import type { OpenMedia } from "./decode.ts";

// Each track is decoded and resampled by itself: more of them would only serve to keep a machine busy.
const mostMixed = 8;

/**
 * The tracks to listen to, as lists to try in turn until one holds sound. The tracks of a recorder (the room, the
 * microphone) belong together; those in several languages are the same talk again, of which one is enough.
 */
export function tracksToTry({ tracks }: OpenMedia): Stream[][] {
  const mixed = tracks.slice(0, mostMixed);
  if (new Set(tracks.map(languageOf).filter((language) => language !== null)).size < 2) return [mixed];
  const [first] = tracks;
  const preferred = tracks.find((track) => (track.disposition & AV_DISPOSITION_DEFAULT) !== 0) ?? first;
  return [[preferred], mixed.filter((track) => track !== preferred)];
}

/** What a reader must know of the tracks; null where there is one. */
export function noteOnTracks({ tracks }: OpenMedia, used: readonly Stream[], heard: readonly number[]): string | null {
  if (tracks.length === 1) return null;
  const numbers = used.filter((_, index) => heard.includes(index)).map((track) => tracks.indexOf(track) + 1);
  const intro = `This file has ${tracks.length} sound tracks.`;
  if (numbers.length === 0) return `${intro} No sound was found in them.`;
  const which = numbers.length === 1 ? `Track ${numbers[0]} was used` : `Tracks ${listed(numbers)} were mixed into one`;
  if (used.length === tracks.length) {
    return numbers.length === tracks.length
      ? `${intro} ${which}.`
      : `${intro} ${which}: there is no sound in the rest.`;
  }
  const language = used.length === 1 && used[0] ? languageOf(used[0]) : null;
  return `${intro} ${which}${language === null ? "" : ` (language: ${language})`}: what is said in the others is not part of the transcript.`;
}

const listed = (numbers: readonly number[]) => `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;

function languageOf(track: Stream) {
  const code = track.metadata?.get("language") ?? "";
  // A tag of a file holds anything; "und" and "mul" name no language.
  return /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(code) && code !== "und" && code !== "mul" ? code : null;
}
