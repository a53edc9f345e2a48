/**
 * Every way a run can fail, by code. A code says two things to the machine (retry or not) and one to the person
 * (what happened and the way out). Activities throw `ApplicationFailure` with the code as its type.
 */
export const failures = {
  not_audio: {
    permanent: true,
    words: "This file has no sound in it that we can read. Upload an audio or video file.",
  },
  empty_file: { permanent: true, words: "The file is empty. Check the recording and upload it again." },
  damaged_media: {
    permanent: true,
    words: "The file is damaged and could not be decoded. Try exporting it again from where it was recorded.",
  },
  no_speech: { permanent: true, words: "No speech was found in this recording." },
  too_long: { permanent: true, words: "The recording is longer than this server allows." },
  too_large: { permanent: true, words: "The file is larger than this server allows." },
  language_unsupported: {
    permanent: true,
    words:
      "The built-in speech model understands English only, and this seems to be another language. If it is English, choose it under Transcribe again; else set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server.",
  },
  key_refused: {
    permanent: true,
    words:
      "The speech or language service refused the API key. Check OPENAI_API_KEY (for speech at another address, SPEECH_API_KEY) and retry.",
  },
  model_refused: { permanent: true, words: "The language model refused the request. Its answer is in the details." },
  speech_refused: {
    permanent: true,
    words:
      "The speech service refused the request. Set SPEECH_BASE_URL and SPEECH_MODEL to a server and a model that transcribe, or SPEECH_MODEL=embedded to keep speech on this machine.",
  },
  context_window: {
    permanent: true,
    words:
      "The language model can take in too little text at once. Start its server with a larger context window, or choose another model.",
  },
  spend_limit: {
    permanent: true,
    words: "Today's spending limit for paid models is used up. Retry tomorrow, or ask an administrator to raise it.",
  },
  media_missing: { permanent: true, words: "The uploaded file is no longer in the media store. Upload it again." },
  resource_limit: {
    permanent: true,
    words: "Decoding this file needed more memory or time than allowed. It may be built to do harm, or damaged.",
  },
  quota_full: {
    permanent: true,
    words: "The space that its owner has on this server is full. Delete recordings or episodes, and retry.",
  },
  storage_full: {
    permanent: false,
    words: "The server has no room left for what is made of this recording. Make room on its disk, and retry.",
  },
  provider_unavailable: {
    permanent: false,
    words:
      "The speech or language service did not answer, though it was tried several times. Retry later to go on from here.",
  },
  provider_answer: {
    permanent: false,
    words: "The speech or language model's answer could not be used. Retry, or choose another model.",
  },
  provider_missing: {
    permanent: true,
    words:
      "This meeting's calls are carried by a service that is not set up here. Set its keys on the worker, or create the meeting anew.",
  },
  bot_refused: {
    permanent: true,
    words: "The bot's provider refused to send a bot into this meeting. Its answer is in the details.",
  },
  bot_key_refused: {
    permanent: true,
    words: "The bot's provider refused its API key. Whoever operates this server has to check it on the worker.",
  },
  bot_provider_missing: {
    permanent: true,
    words:
      "The provider that this meeting's bot was sent by is not set up here any more. Set its key again, and retry.",
  },
  bot_limit: {
    permanent: false,
    words: "The bot's provider has no bot free, or the account's limit is reached. Try again later.",
  },
  bot_hours: {
    permanent: true,
    words:
      "The workspace's hours of recording bots are used up for today. Retry tomorrow (UTC), or ask an administrator to raise BOT_HOURS_PER_DAY.",
  },
  bot_room_taken: {
    permanent: false,
    words: "Another bot is in this meeting, and the bots' provider sends no second one beside it.",
  },
  bot_not_ready: {
    permanent: false,
    words: "The bot's provider cannot do this yet, as long as it is at work on the bot.",
  },
  bot_provider_unavailable: {
    permanent: false,
    words: "The bot's provider did not answer, though it was tried several times.",
  },
  not_heard: {
    permanent: false,
    words:
      "Nobody heard this call: its agent was never in it. A transcript of the call's provider is read as soon as it comes.",
  },
  not_recorded: {
    permanent: true,
    words: "Nothing was recorded of this meeting.",
  },
  agent_missing: {
    permanent: true,
    words: "The agent of this meeting was deleted. Choose another agent for it, or create a new meeting.",
  },
  source_gone: {
    permanent: true,
    words: "The source does not have this item's sound or video any more. Retry if it is back.",
  },
  source_refused: {
    permanent: true,
    words: "This item's sound or video may not be fetched from where its source says it is.",
  },
  download_tool_missing: {
    permanent: true,
    words: "This server lacks what it fetches such videos with. Whoever operates it mends that; retry then.",
  },
  source_waiting: {
    // Its workflow waits and orders it anew: Temporal's own tries are for what failed.
    permanent: true,
    words: "The source lets nothing be fetched for so long that waiting was given up. Retry later.",
  },
  source_unavailable: {
    permanent: false,
    words: "The source did not give this item's sound or video, though it was tried several times. Retry later.",
  },
  source_unreadable: {
    permanent: true,
    words: "What the channel published before could not be read. Change its address under Settings, or retry later.",
  },
  source_away: {
    permanent: false,
    words: "The channel's source did not answer, though it was tried several times. Retry to go on where it stopped.",
  },
  stalled: {
    permanent: false,
    words: "A stage stopped giving signs of life and its retries are used up. Retry to go on from there.",
  },
  internal: { permanent: false, words: "Something went wrong on our side. Retry to go on from the stage that failed." },
} as const;

export type FailureCode = keyof typeof failures;

export const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(failures, code);

/** What comes to the same however often it is tried: it lies in the file itself, or in what is not there any more. */
const hopeless: readonly FailureCode[] = [
  "not_audio",
  "empty_file",
  "damaged_media",
  "no_speech",
  "too_long",
  "too_large",
  "media_missing",
  "not_recorded",
  "not_heard",
];
/** Whether another attempt can come to something, perhaps after somebody has mended what the words tell of. */
export const isWorthRetrying = (code: FailureCode) => !hopeless.includes(code);

/** What an activity's failure tells its workflow besides code and words. */
export interface FailureDetails {
  /** Which try of the activity it was, counted from 1. */
  tries: number;
  /** How long its workflow waits before it orders the work anew, which then has all of its tries: no failure yet. */
  waitMs?: number;
  /** It waits for a source that is closed for all, and goes on sooner where somebody has that tried again. */
  untilOpen?: true;
}

/** The words of a failure that comes after the last of several tries. */
export const afterTries = (tries: number, words: string): string =>
  tries > 1 ? `Failed after ${tries} attempts: ${words}` : words;

/** What is stored and shown of a failure: the wire's `error {code, message, stage, attempt}`. */
export interface RunError {
  code: FailureCode;
  message: string;
  stage: string;
  attempt: number;
}
