import type { ApplicationFailure } from "@temporalio/common";
import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { BotOrder } from "#activities/clients/bots/bot-provider.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { FakeAttendeeOptions } from "#tests/fakes/attendee.ts";

export const meetingUrl = "https://meet.google.com/abc-defg-hij";
/** What is ordered where a test says nothing else. */
export const order: BotOrder = {
  key: "occurrence-1:0",
  recorderId: "0190d5a1-0000-7000-8000-000000000001",
  meetingUrl,
  botName: "Convene",
  language: "en",
  consentMessage: "This meeting is recorded.",
};
export const signal = new AbortController().signal;

/** An account at a stand-in of Attendee, and the client under its key. */
export async function account(options: FakeAttendeeOptions = {}, deadlineMs = 5_000) {
  const fake = await startFakeAttendee(options);
  const attendee = createAttendee({ apiKey: fake.apiKey, baseUrl: `${fake.baseUrl}/`, deadlineMs });
  return {
    fake,
    attendee,
    /** A bot of a new order. */
    async bot(more: Partial<BotOrder> = {}) {
      const { id } = await attendee.create({ ...order, ...more }, signal);
      return { id, at: fake.bot(more.key ?? order.key), status: () => attendee.status(id, signal) };
    },
    [Symbol.asyncDispose]: fake.close,
  };
}

/** What a call was refused with. */
export const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown as ApplicationFailure,
  );
  if (error === null) throw new Error("nothing was thrown");
  return error;
};
