import { startFakeGoogle } from "#tests/fakes/google.ts";
import type { FakeEvent } from "#tests/fakes/google-events.ts";
import { startAccountSystem } from "./account-setup.ts";
import { inHours } from "./system.ts";

export type GoogleSystem = Awaited<ReturnType<typeof startGoogleSystem>>;

/** Web server, worker and Temporal, with Google's stand-in. */
export async function startGoogleSystem() {
  const google = await startFakeGoogle();
  const system = await startAccountSystem<FakeEvent>("google", google);
  return {
    ...system,
    google,
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await google[Symbol.asyncDispose]();
    },
  };
}

export const meet = "https://meet.google.com/abc-defg-hij";

/** An event of half an hour with a call, so many hours from now. */
export function meeting(id: string, hours: number, more: object = {}): FakeEvent {
  const at = inHours(hours);
  const time = (date: Date) => ({ dateTime: date.toISOString(), timeZone: "Europe/Berlin" });
  const end = new Date(at.getTime() + 1_800_000);
  return { id, summary: `Meeting ${id}`, start: time(at), end: time(end), hangoutLink: meet, ...more };
}
