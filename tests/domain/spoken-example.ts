import type { Segment } from "#domain/transcript.ts";

export const talkWords =
  "harvest shepherd mountain covenant kingdom promise wilderness exodus prophet deliverance".split(" ");
export const noticeWords =
  "coffee parking saturday newsletter cleaning collection registration office barbecue choir".split(" ");

/** Sentences of four seconds, from `at` on, with words of a list and a filler in each. */
export function speech(
  at: number,
  count: number,
  { speaker = 1, words = talkWords, pauseEvery = 0, pause = 6 } = {},
): Segment[] {
  let start = at;
  return Array.from({ length: count }, (_, index) => {
    if (pauseEvery > 0 && index > 0 && index % pauseEvery === 0) start += pause;
    const pick = (step: number) => words[(index * 3 + step) % words.length];
    const segment = {
      id: `${at}-${index}`,
      sequenceNumber: index,
      speaker: `SPEAKER_0${speaker}`,
      text: `Because there ${pick(0)} which ${pick(1)} have ${pick(4)} number${index}.`,
      start,
      end: start + 4,
    };
    start += 4.2;
    return segment;
  });
}
