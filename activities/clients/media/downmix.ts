const windowFrames = 3200;
// Below it the channels work against each other: added up, most of what they hold would be gone.
const opposed = -0.5;
// What the factor of the right channel moves by in a sample, so that a change of sides is not heard as a click.
const slide = 1 / 160;

/**
 * Makes one channel of interleaved stereo. Where the right channel is the left one upside down (a wrongly wired cable,
 * a "wide" effect) it is turned round first: every player with two speakers plays such sound, and a plain sum is
 * silence. Told by the correlation of a window of 0.2 s; a window without one keeps what the last one told.
 */
export function createDownmix() {
  let pending = new Int16Array(0);
  let sign = 1;
  let factor = 1;

  const mix = (stereo: Int16Array) => {
    const correlation = correlate(stereo);
    if (correlation < opposed) sign = -1;
    else if (correlation > 0) sign = 1;
    const mono = new Int16Array(stereo.length >> 1);
    for (let index = 0; index < mono.length; index += 1) {
      if (factor !== sign) factor = sign > 0 ? Math.min(1, factor + slide) : Math.max(-1, factor - slide);
      mono[index] = ((stereo[index * 2] ?? 0) + factor * (stereo[index * 2 + 1] ?? 0)) / 2;
    }
    return mono;
  };
  return {
    /** As much as whole windows allow; what is left over waits for more, or for `flush`. */
    add(stereo: Int16Array): Int16Array {
      const all = new Int16Array(pending.length + stereo.length);
      all.set(pending);
      all.set(stereo, pending.length);
      const step = windowFrames * 2;
      const whole = all.length - (all.length % step);
      const mono = new Int16Array(whole >> 1);
      for (let from = 0; from < whole; from += step) mono.set(mix(all.subarray(from, from + step)), from >> 1);
      pending = all.slice(whole);
      return mono;
    },
    flush(): Int16Array {
      const rest = mix(pending);
      pending = new Int16Array(0);
      return rest;
    },
  };
}

function correlate(stereo: Int16Array) {
  let leftLeft = 0;
  let rightRight = 0;
  let leftRight = 0;
  for (let index = 0; index + 1 < stereo.length; index += 2) {
    const left = stereo[index] ?? 0;
    const right = stereo[index + 1] ?? 0;
    leftLeft += left * left;
    rightRight += right * right;
    leftRight += left * right;
  }
  return leftRight / Math.sqrt(leftLeft * rightRight || 1);
}
