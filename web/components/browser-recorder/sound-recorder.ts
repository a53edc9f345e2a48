import { stopTracks } from "./capture-sound.ts";
import type { CapturedSound } from "./capture-sound.ts";
import { mixSounds, recordingKind } from "./mix.ts";
import { stayAwake } from "./stay-awake.ts";

/** Why a recording ended without anybody pressing Stop, or goes on with less. */
export type SoundRecorderEvent = "sharing-ended" | "microphone-lost" | "recorder-failed";

interface SoundRecorderOptions {
  captured: CapturedSound;
  onPart: (part: Blob) => void;
  /** The last part has been given. */
  onStopped: () => void;
  onNews: (news: SoundRecorderEvent) => void;
}

// Each part is a request; what a crash costs on the server's side is one of them.
const partMs = 2000;
const bitsPerSecond = 64_000;

/** Records what was captured, in parts. Whether to stop on news is for its owner to say. */
export function startSoundRecorder({ captured, onPart, onStopped, onNews }: SoundRecorderOptions) {
  const { tab, microphone } = captured;
  const mixed = mixSounds([tab, microphone].filter((stream) => stream !== null));
  const { mimeType } = recordingKind();
  const media = new MediaRecorder(mixed.stream, { mimeType, audioBitsPerSecond: bitsPerSecond });
  const rest = tab === null ? stayAwake() : () => undefined;
  let isFinished = false;

  /** It gives what it still holds, then says that it has stopped; one that failed has done so already. */
  function stop() {
    if (media.state === "inactive") finish();
    else media.stop();
  }
  function finish() {
    if (isFinished) return;
    isFinished = true;
    rest();
    mixed.close();
    stopTracks(tab);
    stopTracks(microphone);
    onStopped();
  }

  media.addEventListener("dataavailable", ({ data }) => onPart(data));
  media.addEventListener("stop", finish);
  media.addEventListener("error", () => onNews("recorder-failed"));
  onEnded(tab, () => onNews("sharing-ended"));
  onEnded(microphone, () => onNews("microphone-lost"));
  media.start(partMs);
  return { stop, pause: () => media.pause(), resume: () => media.resume() };
}

function onEnded(stream: MediaStream | null, told: () => void): void {
  for (const track of stream?.getAudioTracks() ?? []) {
    track.addEventListener("ended", told);
    // Taken back while the server was being asked for a place.
    if (track.readyState === "ended") queueMicrotask(told);
  }
}
