import { spoken } from "./system.ts";

const rate = 16_000;
const headerBytes = 44;

/** Where the talk is in the file, in seconds. */
export const planted = { start: 20, end: 108.7, whole: 128.7 };

/** A talk of a minute and a half, with a chord that swells before it and noise after it, as a WAV file. */
export function plantedTalk(): Buffer {
  const talk = spoken.subarray(headerBytes);
  const chord = samples(planted.start, (at) => {
    const swell = 0.6 + 0.4 * Math.sin(at * 2);
    return swell * 0.15 * [220, 277.2, 329.6].reduce((sum, hertz) => sum + Math.sin(2 * Math.PI * hertz * at), 0);
  });
  let seed = 1;
  const noise = samples(20, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed / 1_073_741_824 - 1) * 0.05;
  });
  const sound = Buffer.concat([chord, talk, talk, noise]);
  const file = Buffer.concat([spoken.subarray(0, headerBytes), sound]);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(sound.length, 40);
  return file;
}

function samples(seconds: number, value: (at: number) => number): Buffer {
  const made = Buffer.alloc(seconds * rate * 2);
  for (let index = 0; index < seconds * rate; index += 1) {
    made.writeInt16LE(Math.round(value(index / rate) * 32_767), index * 2);
  }
  return made;
}
