/** One channel: who speaks is told by voice, and half the bytes are sent. */
const channels = { channelCount: 1, channelCountMode: "explicit", channelInterpretation: "speakers" } as const;

/** Adds several sounds up to one stream; `close` ends it. */
export function mixSounds(streams: readonly MediaStream[]) {
  const context = new AudioContext();
  const output = new MediaStreamAudioDestinationNode(context, channels);
  for (const stream of streams) context.createMediaStreamSource(stream).connect(output);
  // Some browsers stop it while a phone call comes in, and do not start it again by themselves.
  const resume = () => {
    if (context.state !== "closed" && context.state !== "running") void context.resume().catch(() => undefined);
  };
  context.addEventListener("statechange", resume);
  resume();
  return {
    stream: output.stream,
    close() {
      context.removeEventListener("statechange", resume);
      void context.close();
    },
  };
}

const kinds = [
  { mimeType: "audio/webm;codecs=opus", extension: "webm" },
  { mimeType: "audio/mp4", extension: "mp4" },
];

/** What this browser records in; its own choice as the last resort. */
export const recordingKind = () =>
  kinds.find(({ mimeType }) => MediaRecorder.isTypeSupported(mimeType)) ?? { mimeType: "", extension: "webm" };
