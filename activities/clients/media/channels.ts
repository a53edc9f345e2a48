import { audible } from "./samples.ts";
import { speechRate } from "./wav.ts";

const windowSamples = speechRate / 5;
// 10 dB: as far as one channel must stand out for its speaker to be the one who talks.
const standsOut = 3.16;

/**
 * Tells whether two channels carry different speakers (a call recorded with one side per channel), window by window:
 * each side must be alone often enough, and where both sound they must not be the same sound.
 */
export function createChannelJudge() {
  const active = { left: 0, right: 0, both: 0, alike: 0 };
  let sums = emptySums();

  const closeWindow = () => {
    const left = Math.sqrt(sums.leftLeft / windowSamples);
    const right = Math.sqrt(sums.rightRight / windowSamples);
    const correlation = sums.leftRight / Math.sqrt(sums.leftLeft * sums.rightRight || 1);
    sums = emptySums();
    if (left < audible && right < audible) return;
    if (left > right * standsOut) active.left += 1;
    else if (right > left * standsOut) active.right += 1;
    else active.both += 1;
    if (Math.abs(correlation) > 0.5) active.alike += 1;
  };
  return {
    /** Interleaved stereo at 16 kHz. */
    add(samples: Int16Array) {
      for (let index = 0; index + 1 < samples.length; index += 2) {
        const left = samples[index] ?? 0;
        const right = samples[index + 1] ?? 0;
        sums.leftLeft += left * left;
        sums.rightRight += right * right;
        sums.leftRight += left * right;
        sums.count += 1;
        if (sums.count === windowSamples) closeWindow();
      }
    },
    separate(): boolean {
      const all = active.left + active.right + active.both;
      if (all === 0) return false;
      const quieter = Math.min(active.left, active.right) / all;
      return quieter >= 0.05 && active.both / all < 0.5 && active.alike / all < 0.2;
    },
  };
}

const emptySums = () => ({ leftLeft: 0, rightRight: 0, leftRight: 0, count: 0 });
