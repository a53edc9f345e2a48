import { expect, vi } from "vitest";
import type { ActivityDeps } from "#activities/index.ts";
import { createRecorderActivities } from "#activities/bot-visit.ts";
import { createCalendarActivities } from "#activities/calendars.ts";
import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { Bots } from "#activities/clients/bots/bots.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { FakeAttendeeOptions, FakeBot } from "#tests/fakes/attendee.ts";
import type { StandIn } from "./stand-ins.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
import { findStretches } from "#activities/clients/speech/stretches.ts";
import { createMediaActivities } from "#activities/media.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import type { TestPerson } from "#tests/web/server.ts";

export interface RecorderAnswer {
  id: string;
  runId: string;
  title: string;
  status: string;
  message: string;
  stopping: boolean;
  recordingId: string | null;
  bot: { id: string; state: string; reason: string | null } | null;
}

/** Web server, worker and Temporal, whose bots are sent by Attendee's stand-in. */
export async function startRecorders({
  activities,
  ...options
}: FakeAttendeeOptions & { activities?: Partial<ActivityDeps> } = {}) {
  const attendee = await startFakeAttendee(options);
  const { apiKey, baseUrl, webhookSecret } = attendee;
  const provider = createAttendee({ apiKey, baseUrl });
  const settings = { ATTENDEE_API_KEY: apiKey, ATTENDEE_WEBHOOK_SECRET: webhookSecret };
  return { ...(await startRecordersWith([{ fake: attendee, provider, settings }], activities)), attendee };
}
export type RecorderSystem = Awaited<ReturnType<typeof startRecorders>>;

/** The same with these providers' stand-ins, of which the first sends new bots. */
export async function startRecordersWith(standIns: readonly StandIn[], activities: Partial<ActivityDeps> = {}) {
  const providers = standIns.map(({ provider }) => provider);
  const bots: Bots = { chosen: providers[0] ?? null, all: providers };
  const engine = createEmbeddedEngine({ weights: () => Promise.reject(new Error("Nothing is recognised here")) });
  const system = await startMeetings({
    settings: Object.assign({}, ...standIns.map(({ settings }) => settings)) as Record<string, string>,
    activities: {
      bots,
      speech: { engine, diarize: createDiarizer(), findStretches, centsPerMinute: 0 },
      ...activities,
    },
    // The recordings' own runs wait at the first stage for which they need a processor.
    moreActivities: (deps) => ({
      ...createCalendarActivities(deps),
      ...createRecorderActivities(deps),
      ...createMediaActivities(deps),
    }),
  });
  let passes = 0;
  return {
    ...system,
    /** What the worker's settings say, which may be changed. */
    bots,
    /** One pass of auto-join, as the schedule makes it. */
    sweep: () =>
      system.client.workflow.execute("autoJoinSweep", {
        taskQueue: system.taskQueue,
        workflowId: `sweep-${(passes += 1)}-${system.taskQueue}`,
      }),
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      for (const { fake } of standIns) await fake[Symbol.asyncDispose]();
    },
  };
}

export const sendBot = (person: TestPerson, meetingUrl: string, more: object = {}) =>
  person.json<RecorderAnswer>("/api/recorders", { method: "POST", body: { meetingUrl, ...more } });

export const recorder = (person: TestPerson, id: string) => person.json<RecorderAnswer>(`/api/recorders/${id}`);

export const recorders = async (person: TestPerson) =>
  (await person.json<{ items: RecorderAnswer[] }>("/api/recorders")).items;

/** Of helpers: `expect.poll` knows no test where several run beside one another. */
const patience = { timeout: 30_000, interval: 150 };

/** Waits until a visit's run has this status. */
export async function reaches(person: TestPerson, id: string, status: string): Promise<RecorderAnswer> {
  await vi.waitFor(async () => {
    const { status: now, message } = await recorder(person, id);
    expect(now === "failed" && status !== "failed" ? message : now).toBe(status);
  }, patience);
  return recorder(person, id);
}

/** Waits for the bot of a meeting at Attendee. */
export const botIn = ({ attendee }: RecorderSystem, meetingUrl: string): Promise<FakeBot> =>
  botOf(attendee.project.bots, meetingUrl);

/** Waits for the newest bot of a meeting. */
export async function botOf<Bot extends { meetingUrl: string }>(
  bots: readonly Bot[],
  meetingUrl: string,
): Promise<Bot> {
  const find = () => bots.findLast((bot) => bot.meetingUrl === meetingUrl);
  await vi.waitFor(() => expect(find()).toBeDefined(), patience);
  return find() as Bot;
}
