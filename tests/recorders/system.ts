import { expect } from "vitest";
import type { ActivityDeps } from "#activities/index.ts";
import { createRecorderActivities } from "#activities/recorders.ts";
import { createCalendarActivities } from "#activities/calendars.ts";
import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { Bots } from "#activities/clients/bots/bots.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { FakeAttendeeOptions, FakeBot } from "#tests/fakes/attendee.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
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
  const apiKey = attendee.apiKey;
  const provider = createAttendee({ apiKey, baseUrl: attendee.baseUrl });
  const bots: Bots = { chosen: provider, all: [provider] };
  const engine = createEmbeddedEngine({ weights: () => Promise.reject(new Error("Nothing is recognised here")) });
  const system = await startMeetings({
    settings: { ATTENDEE_API_KEY: apiKey, ATTENDEE_WEBHOOK_SECRET: attendee.webhookSecret },
    activities: {
      bots,
      speech: { engine, diarize: createDiarizer(), centsPerMinute: 0 },
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
    attendee,
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
      await attendee[Symbol.asyncDispose]();
    },
  };
}
export type RecorderSystem = Awaited<ReturnType<typeof startRecorders>>;

export const sendBot = (person: TestPerson, meetingUrl: string, more: object = {}) =>
  person.json<RecorderAnswer>("/api/recorders", { method: "POST", body: { meetingUrl, ...more } });

export const recorder = (person: TestPerson, id: string) => person.json<RecorderAnswer>(`/api/recorders/${id}`);

export const recorders = async (person: TestPerson) =>
  (await person.json<{ items: RecorderAnswer[] }>("/api/recorders")).items;

/** Waits until a visit's run has this status. */
export async function reaches(person: TestPerson, id: string, status: string): Promise<RecorderAnswer> {
  await expect
    .poll(async () => {
      const { status: now, message } = await recorder(person, id);
      return now === "failed" && status !== "failed" ? message : now;
    })
    .toBe(status);
  return recorder(person, id);
}

/** Waits for the bot of a meeting at the provider. */
export async function botIn({ attendee }: RecorderSystem, meetingUrl: string): Promise<FakeBot> {
  const find = () => attendee.project.bots.filter((bot) => bot.meetingUrl === meetingUrl).at(-1);
  await expect.poll(() => find() !== undefined).toBe(true);
  return find() as FakeBot;
}
