import { latencyFigures, nowMs } from "../measure.ts";
import type { Figure, Scenario } from "../scenario.ts";
import { startConvene } from "./convene.ts";
import { startNaive } from "./naive.ts";
import { overReference } from "./ratios.ts";
import { countOf } from "./side.ts";
import type { MeetingSide } from "./side.ts";
import { insist } from "./until.ts";
import { wordsOf } from "./words.ts";

const modelMs = 1000;
const turns = 4;

/**
 * What a meeting takes besides people's talk and the model's thinking, one meeting after the other: from the webhook of
 * its begin until its agent is in the call, and from the webhook of its end until its result is stored. The model's own
 * time, as the model counts it, is taken off.
 */
export const endToEnd: Scenario = {
  name: "meeting-end-to-end",
  title: "A meeting without its talk and without its model's 1 s",
  async run({ short, say, detail }) {
    const count = short ? 2 : 10;
    const figures: Figure[] = [];
    const wholes: number[][] = [];
    for (const start of [startConvene, startNaive]) {
      await using side = await start({ modelMs, detail });
      say(side.name);
      const ids = await side.addMeetings(count + 1);
      const times: Times[] = [];
      for (const id of ids) times.push(await holdMeeting(side, id));
      // The first one brings connections and compiled code into being.
      const counted = times.slice(1);
      const whole = counted.map(({ joiningMs, endingMs }) => joiningMs + endingMs);
      wholes.push(whole);
      figures.push(
        ...latencyFigures(
          `${side.name}, begin → agent in the call`,
          counted.map(({ joiningMs }) => joiningMs),
        ),
        ...latencyFigures(
          `${side.name}, end → result, without the model`,
          counted.map(({ endingMs }) => endingMs),
        ),
        ...latencyFigures(`${side.name}, both`, whole),
      );
    }
    const [convene = [], naive = []] = wholes;
    return [...figures, ...overReference(convene, naive)];
  },
};

interface Times {
  joiningMs: number;
  endingMs: number;
}

async function holdMeeting(side: MeetingSide, id: string): Promise<Times> {
  const begunAt = nowMs();
  await side.begin(id);
  await insist("The agent is in the call", async () => (await side.inCall([id])) === 1);
  const joiningMs = nowMs() - begunAt;
  for (let turn = 0; turn < turns; turn += 1) await side.say(id, turn % 2 === 0 ? "user" : "agent", wordsOf(id, turn));
  await insist("What was said is stored", async () => (await side.storedTexts([id])).length === turns);
  const endedAt = nowMs();
  await side.end(id);
  await insist("The meeting is completed", async () => countOf(await side.statuses([id]), "completed") === 1, 120_000);
  return { joiningMs, endingMs: nowMs() - endedAt - side.model.spentOn(id) };
}
