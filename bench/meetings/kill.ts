import { atRate, nowMs } from "../measure.ts";
import type { Figure, Scenario } from "../scenario.ts";
import { callsOf } from "./calls.ts";
import { startConvene } from "./convene.ts";
import { startNaive } from "./naive.ts";
import { countOf } from "./side.ts";
import type { MeetingSide } from "./side.ts";
import { insist, until } from "./until.ts";
import { wordsOf } from "./words.ts";

// The kill waits for all analyses to be with the model, which must not have answered the first of them by then.
const modelMs = 8000;
const killAfterMs = 6000;
const talkS = 25;

/**
 * What is lost when the process that works on events is killed (SIGKILL) with meetings in their calls, in which people
 * talk on, and meetings that are being analysed. Whoever watches over the process starts it again at once. Later the
 * calls end, and every meeting is to be completed.
 */
export const kill: Scenario = {
  name: "meeting-kill",
  title: "kill -9 of the process that works on events, talk goes on at a turn a second",
  async run({ short, say, detail }) {
    const each = short ? 3 : 12;
    const figures: Figure[] = [];
    for (const start of [startConvene, startNaive]) {
      await using side = await start({ modelMs, detail });
      say(side.name);
      figures.push(...(await measure(side, each, say)));
    }
    return figures;
  },
};

interface Turn {
  meetingId: string;
  text: string;
  at: number;
  isHeard: boolean;
}

async function measure(side: MeetingSide, each: number, say: (line: string) => void): Promise<Figure[]> {
  const ids = await callsOf(side, 2 * each);
  const talking = ids.slice(0, each);
  const analysed = ids.slice(each);
  const turns: Turn[] = [];
  const speak = async (meetingId: string, number: number) => {
    const turn = { meetingId, text: wordsOf(meetingId, number), at: nowMs() };
    const isHeard = await side.say(meetingId, number % 2 === 0 ? "user" : "agent", turn.text);
    turns.push({ ...turn, isHeard });
  };
  for (const id of ids) await speak(id, 0);
  await insist("The first turns are stored", async () => (await side.storedTexts(ids)).length === ids.length);
  await Promise.all(analysed.map((id) => side.end(id)));

  const talk = atRate({ count: each * talkS, perSecond: each }, (index) =>
    speak(talking[index % each] ?? "", 1 + Math.floor(index / each)),
  );
  const isAsked = () => analysed.every((id) => side.model.asked.some(({ meetingId }) => meetingId === id));
  await until(isAsked, { withinMs: killAfterMs });
  const withModel = new Set(
    side.model.asked.filter(({ answeredAt }) => answeredAt === null).map((one) => one.meetingId),
  );
  const killedAt = nowMs();
  await side.kill();
  say(`killed, with ${withModel.size} of ${each} analyses at the model`);
  await talk;

  await atRate({ count: each, perSecond: 10 }, (index) => side.end(talking[index] ?? ""));
  const isOver = async () => countOf(await side.statuses(ids), "completed", "failed") === ids.length;
  // Nothing in the reference design takes up what was left: what is not over soon never is.
  await until(isOver, { withinMs: side.name === "Convene" ? 180_000 : 5000 + 2 * modelMs });
  return figuresOf(side, { talking, analysed, turns, killedAt, withModel: withModel.size });
}

interface Observed {
  talking: string[];
  analysed: string[];
  turns: Turn[];
  killedAt: number;
  withModel: number;
}

async function figuresOf(
  side: MeetingSide,
  { talking, analysed, turns, killedAt, withModel }: Observed,
): Promise<Figure[]> {
  const { name, model } = side;
  const ids = [...talking, ...analysed];
  const count = (label: string, value: number): Figure => ({ label: `${name}, ${label}`, value, unit: "count" });
  const mustBeNone = (label: string, value: number) =>
    name === "Convene" ? { ...count(label, value), target: 0 } : count(label, value);
  const unfinished = async (some: string[]) => some.length - countOf(await side.statuses(some), "completed");
  const stored = new Set(await side.storedTexts(ids));
  const unheard = turns.filter(({ isHeard }) => !isHeard);
  const lost = turns.filter(({ isHeard, text }) => isHeard && !stored.has(text));
  const returns = talking.map((id) =>
    returnOf(
      turns.filter((turn) => turn.meetingId === id),
      killedAt,
    ),
  );
  const back = returns.filter((afterMs) => afterMs !== null);
  const answers = ids.map((id) => model.asked.filter((one) => one.meetingId === id && one.answeredAt !== null).length);
  const cut = model.asked.filter(({ meetingId, answeredAt }) => meetingId !== null && answeredAt === null);
  return [
    count("in their calls at the kill", talking.length),
    mustBeNone("of these never completed", await unfinished(talking)),
    count("analyses with the model at the kill", withModel),
    mustBeNone("being analysed at the kill, never completed", await unfinished(analysed)),
    mustBeNone("meetings analysed twice", answers.filter((times) => times > 1).length),
    count("questions to the model that the kill cut off", cut.length),
    mustBeNone("calls whose agent never came back", talking.length - back.length),
    ...(back.length < talking.length
      ? []
      : [{ label: `${name}, kill → last agent back`, value: Math.max(...back) / 1000, unit: "s" } as const]),
    count("turns said", turns.length),
    count("turns said while no agent was there to hear", unheard.length),
    count("turns heard and lost", lost.length),
  ];
}

/** After how long a call's agent was there again, by the first turn it heard after one that nobody did; null: never. */
function returnOf(turns: Turn[], killedAt: number): number | null {
  const after = turns.filter(({ at }) => at > killedAt);
  const missed = after.findIndex(({ isHeard }) => !isHeard);
  if (missed === -1) return 0;
  const back = after.slice(missed).find(({ isHeard }) => isHeard);
  return back === undefined ? null : back.at - killedAt;
}
