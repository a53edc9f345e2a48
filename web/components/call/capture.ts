import { useEffect, useState } from "react";

/** `missing`: there is no such device; `refused`: the person or the browser does not allow it. */
type CaptureState = "off" | "asking" | "on" | "refused" | "missing";

export interface Capture {
  state: CaptureState;
  /** What can be chosen from; known once the person has allowed one. */
  devices: readonly { id: string; label: string }[];
  deviceId: string | null;
  stream: MediaStream | null;
  /** Opens the device, or another one; the browser may ask the person. */
  open: (deviceId?: string) => Promise<void>;
  close: () => void;
}

/** A microphone or camera to be tried before a call; closed when the page is left. */
export function useCapture(kind: "audio" | "video"): Capture {
  const [state, setState] = useState<CaptureState>("off");
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [devices, setDevices] = useState<Capture["devices"]>([]);
  useEffect(() => {
    if (stream === null) return;
    return () => stream.getTracks().forEach((track) => track.stop());
  }, [stream]);

  async function open(deviceId?: string): Promise<void> {
    setState("asking");
    try {
      const wanted = deviceId === undefined ? true : { deviceId: { exact: deviceId } };
      const opened = await navigator.mediaDevices.getUserMedia({ [kind]: wanted });
      setDevices(await devicesOf(kind));
      setStream(opened);
      setState("on");
    } catch (error) {
      setStream(null);
      setState(isMissing(error) ? "missing" : "refused");
    }
  }
  const close = () => {
    setStream(null);
    setState("off");
  };
  const deviceId = stream?.getTracks()[0]?.getSettings().deviceId ?? null;
  return { state, devices, deviceId, stream, open, close };
}

async function devicesOf(kind: "audio" | "video") {
  const all = await navigator.mediaDevices.enumerateDevices();
  const own = all.filter((device) => device.kind === `${kind}input`);
  return own.map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `Device ${index + 1}` }));
}

const isMissing = (error: unknown) =>
  error instanceof DOMException && (error.name === "NotFoundError" || error.name === "OverconstrainedError");

/** How loud a microphone is now, from 0 to 1; 0 without one. */
export function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (stream === null) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(stream).connect(analyser);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // Speech lies around -20 dB: a square root shows it in the middle and not at the left end.
      setLevel(Math.min(1, Math.sqrt(Math.sqrt(power)) * 1.4));
    }, 100);
    return () => {
      clearInterval(timer);
      setLevel(0);
      void context.close();
    };
  }, [stream]);
  return level;
}
