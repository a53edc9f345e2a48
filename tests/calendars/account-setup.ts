import { pino } from "pino";
import { z } from "zod";
import { createAccountClients } from "#activities/clients/accounts/account-clients.ts";
import { createAccounts } from "#activities/clients/accounts/accounts.ts";
import { createCalendarActivities } from "#activities/calendars.ts";
import { createRecorderActivities } from "#activities/bot-visit.ts";
import { createCalendar } from "#records/calendars/calendars.ts";
import { accountVariables } from "#domain/calendar/account-settings.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import { testSealer } from "#tests/setup/seal.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { synced } from "./system.ts";

/** What a provider's stand-in has to give. */
interface Provider<Event> {
  settings: Record<string, string>;
  consent(url: string): Promise<string>;
  addPerson(
    email: string,
    calendars: { id: string; summary: string }[],
  ): {
    sub: string;
    email: string;
    put(event: Event, calendarId?: string): void;
    remove(id: string): void;
    own: string;
  };
}

/** Web server, worker and Temporal, with the stand-in of a provider of calendars. */
export async function startAccountSystem<Event>(provider: AccountProvider, fake: Provider<Event>) {
  const log = pino({ level: "silent" });
  /** Where hints are sent, once it is known; nobody watches until then. */
  const hints = { address: null as string | null };
  const clients = createAccountClients(z.object(accountVariables).parse(fake.settings));
  const system = await startMeetings({
    settings: fake.settings,
    activities: ({ prisma }) => ({
      accounts: createAccounts({ prisma, sealer: testSealer, log, clients, hintsAt: () => hints.address }),
    }),
    moreActivities: (deps) => ({ ...createCalendarActivities(deps), ...createRecorderActivities(deps) }),
  });
  const { web, db } = system;

  /** Consents as a person does, and gives back what came of it. */
  async function consentAs(person: TestPerson) {
    const session = await db.prisma.session.findFirstOrThrow({ where: { userId: person.userId } });
    const who = { ownerId: person.userId, sessionId: session.id, provider };
    const url = await web.deps.accounts.consentUrl(who, null);
    return web.deps.accounts.consented(who, new URL(await fake.consent(url ?? "")).searchParams);
  }

  return {
    ...system,
    clients,
    hints,
    consentAs,
    /** A new person with an account, one of whose calendars is connected and was read. */
    async connected(events: Event[] = []) {
      const ann = await web.signUp();
      const account = fake.addPerson(ann.email, [{ id: "team", summary: "Team" }]);
      for (const event of events) account.put(event);
      const outcome = await consentAs(ann);
      if ("problem" in outcome) throw new Error(outcome.problem);
      const { accountId } = outcome;
      const add = async (id: string) => {
        const remote = { accountId, remoteId: id, timeZone: "Europe/Berlin" };
        const draft = { kind: provider, name: id, url: null, content: null, addresses: [ann.email], remote };
        const { userId, workspaceId } = ann;
        const made = (await createCalendar(web.deps, { ...draft, userId, workspaceId })) ?? "";
        await synced(ann, made);
        return made;
      };
      return { ann, account, accountId, add, id: await add(account.own) };
    },
  };
}
