import { pino } from "pino";
import { createAccountClients } from "#activities/clients/accounts/account-clients.ts";
import { createAccounts } from "#activities/clients/accounts/accounts.ts";
import { createCalendarActivities } from "#activities/calendars.ts";
import { createCalendar } from "#records/calendars/calendars.ts";
import { startFakeGoogle } from "#tests/fakes/google.ts";
import type { FakeEvent } from "#tests/fakes/google-events.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import { testSealer } from "#tests/setup/seal.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { inHours, synced } from "./system.ts";

export type GoogleSystem = Awaited<ReturnType<typeof startGoogleSystem>>;

/** Web server, worker and Temporal, with Google's stand-in. */
export async function startGoogleSystem() {
  const google = await startFakeGoogle();
  const log = pino({ level: "silent" });
  const clients = createAccountClients(google.settings);
  const system = await startMeetings({
    settings: google.settings,
    activities: ({ prisma }) => ({
      accounts: createAccounts({ prisma, sealer: testSealer, log, clients }),
    }),
    moreActivities: createCalendarActivities,
  });
  const { web, db } = system;

  /** Consents as a person does, and gives back what came of it. */
  async function consentAs(person: TestPerson) {
    const session = await db.prisma.session.findFirstOrThrow({ where: { userId: person.userId } });
    const who = { ownerId: person.userId, sessionId: session.id, provider: "google" as const };
    const url = await web.deps.accounts.consentUrl(who, null);
    return web.deps.accounts.consented(who, new URL(await google.consent(url ?? "")).searchParams);
  }

  return {
    ...system,
    google,
    clients,
    consentAs,
    /** A new person with a Google account, one of whose calendars is connected and was read. */
    async connected(events: FakeEvent[] = [], { remoteId }: { remoteId?: string } = {}) {
      const ann = await web.signUp();
      const account = google.addPerson(ann.email, [{ id: "team", summary: "Team" }]);
      for (const event of events) account.put(event, remoteId);
      const outcome = await consentAs(ann);
      if ("problem" in outcome) throw new Error(outcome.problem);
      const { accountId } = outcome;
      const add = async (id: string) => {
        const remote = { accountId, remoteId: id, timeZone: "Europe/Berlin" };
        const draft = { kind: "google" as const, name: id, url: null, content: null, addresses: [ann.email], remote };
        const { userId, workspaceId } = ann;
        const made = (await createCalendar(web.deps, { ...draft, userId, workspaceId })) ?? "";
        await synced(ann, made);
        return made;
      };
      return { ann, account, accountId, add, id: await add(remoteId ?? ann.email) };
    },
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
