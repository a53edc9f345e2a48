/** What is to be recorded. */
export interface WantedSound {
  isTabWanted: boolean;
  isMicrophoneWanted: boolean;
  /** The microphone chosen; null for the browser's own choice. */
  deviceId: string | null;
}

export interface CapturedSound {
  tab: MediaStream | null;
  microphone: MediaStream | null;
}

export type CaptureFailure = "not-shared" | "no-sound" | "microphone-refused" | "microphone-missing";

export class CaptureError extends Error {
  readonly failure: CaptureFailure;
  constructor(failure: CaptureFailure, cause?: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}

/**
 * Whether a page can hear a tab here. `phone`: phones have no way to share one; `browser`: this browser shares the
 * picture alone, as Firefox and Safari do.
 */
export function tabSoundSupport(): "yes" | "phone" | "browser" {
  if (typeof navigator.mediaDevices.getDisplayMedia !== "function") return "phone";
  // Only browsers that capture a tab's sound know what to do with the tab's own loudspeaker meanwhile.
  return "suppressLocalAudioPlayback" in navigator.mediaDevices.getSupportedConstraints() ? "yes" : "browser";
}

export const canRecord = (): boolean => "mediaDevices" in navigator && typeof MediaRecorder !== "undefined";

/** Asks the browser for what is wanted; all of it or a `CaptureError`. */
export async function captureSound({ isTabWanted, isMicrophoneWanted, deviceId }: WantedSound): Promise<CapturedSound> {
  // First: choosing a tab is allowed only shortly after a click.
  const tab = isTabWanted ? await captureTab() : null;
  try {
    return { tab, microphone: isMicrophoneWanted ? await captureMicrophone(deviceId) : null };
  } catch (error) {
    stopTracks(tab);
    throw error;
  }
}

export const stopTracks = (stream: MediaStream | null) => stream?.getTracks().forEach((track) => track.stop());

// Not among TypeScript's own yet.
interface DisplayOptions extends DisplayMediaStreamOptions {
  systemAudio: "include";
  selfBrowserSurface: "exclude";
}

async function captureTab(): Promise<MediaStream> {
  const options: DisplayOptions = {
    // Browsers share no sound without a picture.
    video: true,
    // What is made against echoes of a microphone would only harm the meeting's sound.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: "include",
    selfBrowserSurface: "exclude",
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(options).catch((error: unknown) => {
    throw new CaptureError("not-shared", error);
  });
  for (const track of stream.getVideoTracks()) {
    track.stop();
    stream.removeTrack(track);
  }
  if (stream.getAudioTracks().length === 0) throw new CaptureError("no-sound");
  return stream;
}

async function captureMicrophone(deviceId: string | null): Promise<MediaStream> {
  const audio = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
  };
  return navigator.mediaDevices.getUserMedia({ audio }).catch((error: unknown) => {
    const name = error instanceof DOMException ? error.name : "";
    const isRefused = name === "NotAllowedError" || name === "SecurityError";
    throw new CaptureError(isRefused ? "microphone-refused" : "microphone-missing", error);
  });
}
