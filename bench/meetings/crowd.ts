import { atRate, nowMs } from "../measure.ts";
import type { Figure, Scenario } from "../scenario.ts";
import { startConvene } from "./convene.ts";
import { startNaive } from "./naive.ts";
import { watchMemory } from "./peak-memory.ts";
import { countOf } from "./side.ts";
import type { MeetingSide } from "./side.ts";
import { reached } from "./until.ts";
import { wordsOf } from "./words.ts";

const modelMs = 1000;
const perSecond = 10;
const wordsEach = 3;
// Where nothing has moved for this long, nothing will.
const stillMs = 45_000;

/** Many meetings at the same time: all begin, something is said in each, all end; then all are to be completed. */
export const crowd: Scenario = {
  name: "meeting-crowd",
  title: "200 meetings at once, begun and ended at 10 a second, a model that thinks for 1 s",
  async run({ short, say, detail }) {
    const count = short ? 8 : 200;
    const figures: Figure[] = [];
    for (const start of [startConvene, startNaive]) {
      await using side = await start({ modelMs, detail });
      say(side.name);
      figures.push(...(await measure(side, count, say)));
    }
    return figures;
  },
};

async function measure(side: MeetingSide, count: number, say: (line: string) => void): Promise<Figure[]> {
  const { name } = side;
  const target = name === "Convene" ? { target: 0 } : {};
  const ids = await side.addMeetings(count);
  const peaks = watchMemory(side.pids());
  const load = { count, perSecond };
  const idAt = (index: number) => ids[index % count] ?? "";

  const startedAt = nowMs();
  await atRate(load, (index) => side.begin(idAt(index)));
  const inCall = await reached(count, () => side.inCall(ids), stillMs);
  const inCallAt = nowMs();
  say(`${inCall} of ${count} in their calls`);

  let heard = 0;
  await atRate({ count: count * wordsEach, perSecond: count }, async (index) => {
    const speaker = index % 2 === 0 ? "user" : "agent";
    if (await side.say(idAt(index), speaker, wordsOf(idAt(index), index))) heard += 1;
  });
  let unanswered = 0;
  const endsAt = nowMs();
  await atRate(load, async (index) => {
    if (!(await side.end(idAt(index)))) unanswered += 1;
  });
  await reached(count, async () => countOf(await side.statuses(ids), "completed", "failed"), stillMs);
  const overAt = nowMs();
  const completed = countOf(await side.statuses(ids), "completed");
  const stored = (await side.storedTexts(ids)).length;
  const memory = await peaks();
  return [
    { label: `${name}, first begin → all in their calls`, value: (inCallAt - startedAt) / 1000, unit: "s" },
    { label: `${name}, never in their calls`, value: count - inCall, unit: "count", ...target },
    { label: `${name}, first end → all completed`, value: (overAt - endsAt) / 1000, unit: "s" },
    { label: `${name}, first begin → all completed`, value: (overAt - startedAt) / 1000, unit: "s" },
    { label: `${name}, not completed`, value: count - completed, unit: "count", ...target },
    { label: `${name}, ends not taken`, value: unanswered, unit: "count", ...target },
    { label: `${name}, heard and not stored`, value: heard - stored, unit: "count", ...target },
    ...[...memory].map(([process, value]): Figure => ({
      label: `${name}, ${process}, most resident`,
      value,
      unit: "MB",
    })),
  ];
}
