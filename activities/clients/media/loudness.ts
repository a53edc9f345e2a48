import { FilterAPI } from "node-av/api";
import type { Frame } from "node-av/lib";

/** As EBU R 128 measures it. `lufs`: integrated loudness; silence has -70. */
export interface Loudness {
  lufs: number;
  /** dBTP: the peak between samples, too. */
  truePeak: number;
}

const silent = -70;

/** Measures sound frame by frame; the caller keeps the frames. */
export function createLoudnessMeter() {
  const filter = FilterAPI.create("ebur128=metadata=1:peak=true:framelog=quiet");
  let newest: Record<string, string> = {};
  const read = (frames: Frame[]) => {
    for (const frame of frames) {
      const told = frame.getMetadata()?.getAll() ?? {};
      if (told["lavfi.r128.I"] !== undefined) newest = told;
      frame.free();
    }
  };
  return {
    add: (frame: Frame) => read(filter.processAllSync(frame)),
    close(): Loudness {
      read([...filter.flushFramesSync()]);
      filter.close();
      const lufs = Number(newest["lavfi.r128.I"]);
      const peaks = Object.entries(newest).flatMap(([name, value]) =>
        name.startsWith("lavfi.r128.true_peaks_ch") ? [Number(value)] : [],
      );
      const peak = Math.max(0, ...peaks.filter(Number.isFinite));
      return {
        lufs: Number.isFinite(lufs) ? Math.max(silent, lufs) : silent,
        truePeak: peak > 0 ? 20 * Math.log10(peak) : silent,
      };
    },
  };
}
