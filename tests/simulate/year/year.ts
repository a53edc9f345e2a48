import { appendFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { BotMove } from "#tests/fakes/attendee.ts";
import { startConvene } from "#tests/faults/convene.ts";
import type { Convene } from "#tests/faults/convene.ts";
import { createUserActions } from "./user-actions.ts";
import { startFeeds } from "./feeds.ts";
import { judge } from "./judge.ts";
import type { Course, Meeting } from "./model.ts";
import type { Slot } from "./oracle.ts";
import { invitePeople } from "./people.ts";
import { planYear } from "./plan.ts";
import { reportOf } from "./report.ts";
import type { Report } from "./report.ts";
import { untilReady } from "./ready.ts";
import { faultsByKind, killParts, peakOf, troubleProvider } from "./outages.ts";
import type { Outage } from "./outages.ts";

export interface YearOptions {
  users: number;
  events: number;
  minutes: number;
  seed: number;
  kills: number;
  /** Most meetings of a second of the time that is played. */
  perSecond: number;
  /** After a meeting's start, for its bot still to be in time; where a part was killed just then, a minute more. */
  graceSeconds: number;
  /** A file for what the processes say. */
  log: string | null;
  say: (line: string) => void;
}

/** Reading everybody again as often as a small play does would be all that a machine of two processors can do. */
const syncSecondsFor = (users: number) => Math.max(10, Math.ceil(users / 16));
/** What was under way in a part that was killed is taken up again after half a minute and more. */
const afterStrikeMs = 60_000;
const settleMs = 300_000;

const movesOf: Record<Course, readonly BotMove[]> = {
  ends: ["join", "end"],
  waits: ["waitingRoom", "admit", "end"],
  denied: ["waitingRoom", "deny"],
  kicked: ["join", "kick"],
  alone: ["join", "everyoneLeft"],
  stopped: ["join"],
  nevered: ["join"],
};

/**
 * A year of calendars, played in minutes on the real program: its processes are killed, its provider fails, calendars
 * change and people interfere. What came of it is held against an oracle that knows the plan alone.
 */
export async function playYear({
  users,
  events,
  minutes,
  seed,
  kills,
  perSecond,
  graceSeconds,
  log,
  say,
}: YearOptions): Promise<Report> {
  const graceMs = graceSeconds * 1000;
  const syncSeconds = syncSecondsFor(users);
  const leadSeconds = minutes < 5 ? 30 : Math.max(75, 2 * syncSeconds + 15);
  const plan = planYear({ seed, users, events, minutes, perSecond, leadSeconds, syncSeconds });
  const byLink = new Map<string, Meeting>(
    plan.meetings.flatMap((each) => each.states.flatMap(({ link }) => (link === null ? [] : [[link, each] as const]))),
  );
  await using made = new AsyncDisposableStack();
  const sounds = await mkdtemp(join(tmpdir(), "convene-year-"));
  made.defer(() => rm(sounds, { recursive: true, force: true }));
  const [sound, silence] = [join(sounds, "sound.wav"), join(sounds, "empty.wav")];
  await Promise.all([writeFile(sound, await shortSound()), writeFile(silence, "")]);
  const attendee = made.use(
    await startFakeAttendee({
      stepMs: 1_500,
      script: (order) => movesOf[byLink.get(String(order["meeting_url"]))?.course ?? "ends"],
      audio: ({ meetingUrl }) => (byLink.get(meetingUrl)?.hasSound ? sound : silence),
    }),
  );
  let origin = Date.now();
  const feeds = made.use(await startFeeds(plan, () => origin));
  const convene = made.use(
    await startConvene({
      env: {
        ATTENDEE_API_KEY: attendee.apiKey,
        ATTENDEE_BASE_URL: attendee.baseUrl,
        ATTENDEE_WEBHOOK_SECRET: attendee.webhookSecret,
        FETCH_ALLOW: "127.0.0.0/8",
        AUTO_JOIN_INTERVAL_SECONDS: "5",
        CALENDAR_SYNC_INTERVAL_SECONDS: String(syncSeconds),
      },
    }),
  );
  if (log !== null) made.use(keepLog(log, () => convene.log()));
  say(`Convene runs; signing up ${users} people`);
  const webhooks = { lost: 0, late: 0, twice: 0 };
  attendee.webhook(`${convene.url}/api/webhook/attendee`, {
    lose: (index) => index % 10 === 3 && ++webhooks.lost > 0,
    repeat: (index) => (index % 7 === 0 && ++webhooks.twice > 0 ? 2 : 1),
    delayMs: (index) => (index % 11 === 0 && ++webhooks.late > 0 ? 8_000 : 0),
  });
  const ending = new AbortController();
  made.defer(() => ending.abort());
  const { signal } = ending;
  const strikes: Outage[] = [];
  const peak = peakOf(convene, "worker", signal);
  let aheadMs = users * 400 + syncSeconds * 1000;
  origin = wholeSecondsFrom(Date.now() + aheadMs);
  const voices = await invitePeople(convene, plan, feeds);
  say(`${plan.meetings.length} meetings; the year begins in ${((origin - Date.now()) / 1000).toFixed(0)} s`);
  await untilReady(convene, users, {
    // Early enough for calendars to be read anew before the first bot is due.
    decideAt: () => origin - aheadMs / 2,
    postpone() {
      aheadMs *= 4;
      origin = wholeSecondsFrom(Date.now() + aheadMs);
      feeds.showAnew();
      say(`not everything is ready; the year begins in ${((origin - Date.now()) / 1000).toFixed(0)} s instead`);
    },
  });
  say(`everything is ready ${((origin - Date.now()) / 1000).toFixed(0)} s before its beginning`);
  await wait(Math.max(0, origin - Date.now()));

  // They end with the year: a visit whose tries have become rare would meet nothing but new ones.
  const calm = new AbortController();
  made.defer(() => calm.abort());
  const troubles = troubleProvider(attendee, minutes < 5 ? 4_000 : 8_000, calm.signal);
  const deeds = createUserActions({ plan, origin, feeds, voices, attendee });
  const sendingAway = deeds.sendAllAway(signal);
  const progress = tellProgress(say, () => `${attendee.bots.length} bots, ${strikes.length} kills`, signal);
  await Promise.all([
    deeds.changeAll(signal),
    killParts(convene, { count: kills, origin, seconds: plan.seconds, signal }, strikes),
    wait(Math.max(0, origin + plan.seconds * 1000 - Date.now())),
  ]);
  calm.abort();
  await troubles;
  say("the year is over; waiting for what is under way");
  const stuck = await settled(convene, say);
  ending.abort();
  await Promise.all([progress, sendingAway]);

  const wasStruck = ({ due, start }: Slot) =>
    strikes.some(({ at }) => at > due - afterStrikeMs / 2 && at < start + graceMs);
  const seen = { origin, until: origin + plan.seconds * 1000, knownAt: deeds.knownAt };
  const judged = judge({
    ...seen,
    plan,
    attendee,
    graceMs: (slot) => graceMs + (wasStruck(slot) ? afterStrikeMs : 0),
  });
  return reportOf({
    plan,
    judged,
    seen,
    deeds,
    strikes,
    webhooks,
    stuck,
    faults: faultsByKind(attendee.faultsPlayed),
    failures: await failuresOf(convene),
    readings: feeds.counts,
    peakMb: await peak,
    kills,
  });
}

/** As calendars have them. */
const wholeSecondsFrom = (ms: number) => Math.ceil(ms / 1000) * 1000;

/** Two seconds of speech. */
async function shortSound(): Promise<Buffer> {
  const whole = await readFile("tests/fixtures/two-cities.wav");
  const bytes = 2 * 16_000 * 2;
  const sound = Buffer.from(whole.subarray(0, 44 + bytes));
  sound.writeUInt32LE(36 + bytes, 4);
  sound.writeUInt32LE(bytes, 40);
  return sound;
}

/** Waits until no run is under way but those whose hour is far; what still is after all is told. */
async function settled(convene: Convene, say: (line: string) => void): Promise<string[]> {
  const until = Date.now() + settleMs;
  for (let turn = 0; ; turn += 1) {
    const open = await convene.rows<{ kind: string; status: string; stage: string; title: string }>(
      `SELECT run.kind, run.status, run.stage, run.title FROM run LEFT JOIN recorder ON recorder.run_id = run.id
       WHERE run.status NOT IN ('completed', 'failed', 'cancelled') AND (recorder.join_at IS NULL OR recorder.join_at < now() + interval '1 minute')`,
    );
    if (open.length === 0) return [];
    if (turn % 20 === 0) say(`${open.length} are under way, such as ${JSON.stringify(open[0])}`);
    if (Date.now() > until) return open.map((each) => JSON.stringify(each));
    await wait(1_000);
  }
}

async function failuresOf(convene: Convene): Promise<{ kind: string; code: string; count: number }[]> {
  return convene.rows<{ kind: string; code: string; count: number }>(
    `SELECT kind, error_stage || ' ' || error_code AS code, count(*)::int FROM run WHERE status = 'failed' GROUP BY 1, 2`,
  );
}

async function tellProgress(say: (line: string) => void, words: () => string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await wait(30_000, undefined, { signal }).catch(() => {});
    if (!signal.aborted) say(words());
  }
}

function keepLog(path: string, lines: () => readonly string[]): Disposable {
  let kept = 0;
  const keep = () => {
    const news = lines().slice(kept);
    kept += news.length;
    if (news.length > 0) appendFileSync(path, `${news.join("\n")}\n`);
  };
  const timer = setInterval(keep, 1_000);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      keep();
    },
  };
}
