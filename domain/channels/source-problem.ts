/**
 * Why a source gave nothing: what the person reads, with the way out. `at` is the address as people may see it.
 */
export const sourceProblems = {
  refused: {
    words: (at: string) =>
      `${at} is not on the open internet, so it is not fetched. Give the address that listeners use; an operator opens a network of one's own by FETCH_ALLOW.`,
  },
  redirected: {
    words: (at: string) => `${at} leads on too many times. Open it in a browser and give the address it ends at.`,
  },
  not_allowed: {
    words: (at: string) =>
      `${at} wants a sign-in. Give an address that can be read without one, such as a private one.`,
  },
  missing: {
    words: (at: string) =>
      `There is nothing at ${at} now. If it stays so, look where it moved to and give its address.`,
  },
  gone: {
    words: (at: string) => `${at} is gone for good, says its server. Give the address that came in its place.`,
  },
  not_a_feed: {
    words: (at: string) =>
      `${at} is no feed. Give the address of an RSS, Atom or JSON feed; pages often link to it as "RSS" or "Subscribe".`,
  },
  not_a_channel: {
    words: (at: string) =>
      `${at} is no channel of YouTube. Give a channel's address, its @handle or its id, which begins with UC.`,
  },
  private: { words: (at: string) => `${at} is private. Whoever publishes it has to open it; retry then.` },
  members_only: {
    words: (at: string) => `${at} is for members or buyers only, so it cannot be fetched.`,
  },
  geo: { words: (at: string) => `${at} may not be played in the country that this server is in.` },
  age: { words: (at: string) => `${at} is for grown-ups who are signed in, so it cannot be fetched.` },
  unsupported: { words: (at: string) => `${at} offers no sound that can be fetched.` },
  not_yet: { words: (at: string) => `${at} is not over yet. It is looked at again until it is.` },
  bot_check: {
    words: (at: string) =>
      `${at} is kept from programs for now: it wants proof that a person is there. It is tried again by itself.`,
  },
  tool_missing: {
    words: () =>
      "Videos of YouTube are fetched by yt-dlp, which does not run on the worker's machine: it needs Python 3.11 or newer, with pip to come by it. Whoever operates this server installs them, or sets YTDLP_PATH to a yt-dlp that runs.",
  },
  needs_key: {
    words: () =>
      "Of a channel of YouTube only the newest 15 videos are told of with their dates. Choose a later day, or begin single videos on the channel's page. For all of them whoever operates this server sets YOUTUBE_API_KEY, a key of YouTube's Data API; retry then.",
  },
  damaged: {
    words: (at: string) => `The feed at ${at} is cut off or damaged. Nothing was changed; it is tried again by itself.`,
  },
  hostile: {
    words: (at: string) =>
      `The feed at ${at} is built in a way that could do harm, so it is not read. Tell whoever makes it.`,
  },
  too_large: {
    words: (at: string) => `What lies at ${at} is larger than this server takes. Give one with fewer or smaller items.`,
  },
  too_slow: {
    words: (at: string) => `The feed at ${at} takes too long to read. Give one with fewer items.`,
  },
  not_media: {
    words: (at: string) => `${at} gives a page instead of sound or video. Look in a browser whether it still plays.`,
  },
  empty: { words: (at: string) => `The file at ${at} is empty. Tell whoever publishes it.` },
  rate_limited: {
    words: (at: string) => `${at} asks to be left alone for a while. It is tried again by itself.`,
  },
  server_error: {
    words: (at: string) => `The server of ${at} failed. It is tried again by itself.`,
  },
  unreachable: {
    words: (at: string) => `The server of ${at} cannot be reached. It is tried again by itself.`,
  },
  timed_out: {
    words: (at: string) => `The server of ${at} took too long. It is tried again by itself.`,
  },
  broken: {
    words: (at: string) => `The server of ${at} broke off in the middle. It is tried again by itself.`,
  },
} as const;

export type SourceProblem = keyof typeof sourceProblems;

/** The problem behind an answer that is no success. */
export function problemOfStatus(status: number): SourceProblem {
  if (status === 401 || status === 402 || status === 403 || status === 407) return "not_allowed";
  if (status === 410) return "gone";
  if (status === 429) return "rate_limited";
  return status >= 500 || status === 408 || status === 425 ? "server_error" : "missing";
}

const longestShown = 200;

/** An address as it is shown and logged: without its query, which often holds a listener's key. */
export function shownAddress(address: string): string {
  const url = URL.parse(address);
  const shown = url === null ? address : `${url.host}${url.pathname === "/" ? "" : url.pathname}`;
  return shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown;
}
