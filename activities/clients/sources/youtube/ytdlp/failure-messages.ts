import type { SourceProblem } from "#domain/channels/source-problem.ts";
import { refused } from "./guarding-proxy.ts";

/**
 * What yt-dlp says when it fails, which is all that it tells: every failure has the same exit code. The first that fits
 * counts, so what is said of one video stands before what any page may say.
 */
const words: [RegExp, SourceProblem][] = [
  [/confirm your age|age-restricted|inappropriate for some users|age verification/i, "age"],
  [/not a bot|captcha challenge/i, "bot_check"],
  [/rate-limited by YouTube|HTTP Error 429|Too Many Requests/i, "rate_limited"],
  [/private video|video is private|playlist is private/i, "private"],
  [/members[- ]only|this channel's members|Join this channel/i, "members_only"],
  [/requires payment|only available to Music Premium|video is only available for registered/i, "members_only"],
  [/available in your country|geo.?restrict|from your location|blocked it in your country/i, "geo"],
  [/Premieres in|Premiere will begin|(?:live event|live stream|stream) will begin|begin in a few moments/i, "not_yet"],
  [/does not pass filter/i, "not_yet"],
  [/removed by|has been removed|no longer available|account .*terminated|account .*closed/i, "missing"],
  [/video (?:is )?unavailable|video (?:is not|isn.t) available|recording is not available/i, "missing"],
  [/not a valid URL|Unsupported URL|DRM protected|Incomplete YouTube ID|Truncated ID/i, "unsupported"],
  [new RegExp(refused), "refused"],
  [/larger than max-filesize/i, "too_large"],
  [/timed out|timeout/i, "timed_out"],
  [/HTTP Error (?:404|410)/i, "missing"],
  [/HTTP Error (?:401|403|5\d\d)/i, "server_error"],
  [/bytes read|IncompleteRead|data blocks|Connection (?:aborted|reset)|Remote end closed/i, "broken"],
  [
    /Errno -?\d|Connection refused|Tunnel connection|proxy|getaddrinfo|resolve|network error|TransportError|SSL|urlopen/i,
    "unreachable",
  ],
  [/Requested format is not available|No video formats|Only images are available/i, "unsupported"],
  [/downloaded file is empty/i, "empty"],
];

/** Null where the words are none that are known. */
export const problemFromMessage = (said: string): SourceProblem | null =>
  words.find(([pattern]) => pattern.test(said))?.[1] ?? null;
