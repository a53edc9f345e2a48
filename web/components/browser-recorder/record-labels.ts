import type { RecorderNotice, RecorderState } from "./recorder-state.ts";

export const supportHints = {
  yes: "You choose the meeting’s tab when you start. Share a tab and tick “Also share tab audio”.",
  phone:
    "Phones let no page hear another app. Here the microphone is recorded: put the meeting on the loudspeaker, or record on a computer.",
  browser:
    "This browser shares no tab’s sound; Chrome and Edge do. Here the microphone is recorded: put the meeting on the loudspeaker.",
};

type Problem = Exclude<RecorderState["problem"], object | null>;

export const problemLabels: Record<Problem, string> = {
  "no-sound": "What you chose shares no sound. Start again: share a tab and tick “Also share tab audio”.",
  "not-shared": "Nothing was shared, so nothing is recorded. Start again and choose the meeting’s tab.",
  "microphone-refused": "The browser does not allow the microphone. Allow it in the address bar, or record without it.",
  "microphone-missing": "No microphone was found. Plug one in, choose another one, or record without it.",
  "nothing-recorded": "It was stopped before any sound had come. Nothing is kept.",
  unreachable: "Convene cannot be reached, so a recording could not be saved. Try again when you are online.",
};

export const noticeLabels: Record<RecorderNotice, string> = {
  "sharing-ended": "The tab is no longer shared. What was heard until then is kept.",
  "microphone-lost": "The microphone was unplugged or taken back.",
  "recorder-failed": "The browser stopped recording. What was heard until then is kept.",
  full: "There is no room for more. What was sent until then is kept.",
  longest: "The recording has reached the longest that this server takes. It is kept.",
};
