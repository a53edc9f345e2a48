import { rename, rm } from "node:fs/promises";
import { createChannelJudge } from "./channels.ts";
import { createDownmix } from "./downmix.ts";
import { createPeaks } from "./peaks.ts";
import { createWavWriter, speechRate } from "./wav.ts";

/**
 * Takes 16 kHz samples and writes the speech WAV. From stereo it writes both forms side by side and keeps the stereo
 * one only when, at the end, the channels turn out to carry different speakers.
 */
export async function createSpeechSink(path: string, channels: 1 | 2) {
  const stereoPath = `${path}.stereo`;
  const mono = await createWavWriter(path, 1);
  const stereo = channels === 2 ? await createWavWriter(stereoPath, 2) : null;
  const judge = createChannelJudge();
  const downmix = createDownmix();
  const peaks = createPeaks();
  let frames = 0;

  const add = async (samples: Int16Array) => {
    peaks.add(samples);
    frames += samples.length;
    await mono.write(samples);
  };
  return {
    seconds: () => frames / speechRate,
    async write(samples: Int16Array) {
      if (!stereo) return await add(samples);
      judge.add(samples);
      await stereo.write(samples);
      await add(downmix.add(samples));
    },
    async close() {
      if (stereo) await add(downmix.flush());
      await mono.close();
      await stereo?.close();
      const separate = stereo !== null && judge.separate();
      if (separate) await rename(stereoPath, path);
      else if (stereo) await rm(stereoPath);
      return { speechChannels: separate ? 2 : 1, peaks: peaks.finish() };
    },
  };
}
