import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { listEvents } from "./google-events.ts";
import type { FakeCalendar, FakeEvent } from "./google-events.ts";
import { client, createFakeOauth } from "./oauth-server.ts";
import type { OauthPerson } from "./oauth-server.ts";

export type FakeGoogle = Awaited<ReturnType<typeof startFakeGoogle>>;

interface FakeChannel {
  id: string;
  token: string;
  address: string;
  email: string;
  resourceId: string;
}

interface Account extends OauthPerson {
  calendars: FakeCalendar[];
}

/** Google's sign-in and Calendar API at one address, as servers and browsers of tests meet them. */
export async function startFakeGoogle() {
  const accounts = new Map<string, Account>();
  const asked: URL[] = [];
  const channels = new Map<string, FakeChannel>();
  const state = {
    /** Answers instead of the Calendar API's. */
    answer: null as ((response: ServerResponse) => void) | null,
    /** Sync tokens of before are gone. */
    oldestToken: 0,
    pageSize: 2_500,
    refusesWatch: false,
    watchMs: 7 * 24 * 3_600_000,
  };
  const oauth = await createFakeOauth({ issuer: () => baseUrl });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function handle(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? "/", baseUrl);
    if (url.pathname === "/o/oauth2/v2/auth") return oauth.auth(url, response);
    if (request.method === "POST" && url.pathname === "/token") return oauth.token(request, response);
    if (request.method === "POST" && url.pathname === "/revoke") return oauth.revoke(request, response);
    asked.push(url);
    if (state.answer !== null) return state.answer(response);
    const person = oauth.personOf(request);
    const account = person === null ? undefined : accounts.get(person.email);
    if (account === undefined) return json(response, 401, refusal(401, "authError"));
    if (request.method === "POST") return watching(account, url, request, response);
    return api(account, url, response);
  }

  /** `events.watch` and `channels.stop`. */
  async function watching({ email }: Account, url: URL, request: IncomingMessage, response: ServerResponse) {
    const body = JSON.parse(await text(request)) as Omit<FakeChannel, "email" | "resourceId"> & { resourceId?: string };
    if (url.pathname === "/calendar/v3/channels/stop") {
      const isKnown = channels.get(body.id)?.resourceId === body.resourceId && channels.delete(body.id);
      return void response.writeHead(isKnown ? 204 : 404).end();
    }
    if (state.refusesWatch) return json(response, 401, refusal(401, "push.webhookUrlUnauthorized"));
    const resourceId = `r-${channels.size}-${email}`;
    channels.set(body.id, { ...body, email, resourceId });
    json(response, 200, { id: body.id, resourceId, expiration: String(Date.now() + state.watchMs) });
  }

  function api({ calendars }: Account, url: URL, response: ServerResponse): void {
    if (url.pathname === "/calendar/v3/users/me/calendarList") {
      const items = calendars.map(({ id, summary, primary, timeZone, accessRole }) => ({
        id,
        summary,
        primary,
        timeZone,
        accessRole,
      }));
      return json(response, 200, { kind: "calendar#calendarList", items });
    }
    const [, id] = /^\/calendar\/v3\/calendars\/([^/]+)\/events$/.exec(url.pathname) ?? [];
    const calendar = calendars.find((each) => each.id === decodeURIComponent(id ?? ""));
    if (calendar === undefined) return json(response, 404, refusal(404, "notFound"));
    const { status, body } = listEvents(calendar, url.searchParams, state);
    json(response, status, body);
  }

  return {
    baseUrl,
    settings: { GOOGLE_CLIENT_ID: client.id, GOOGLE_CLIENT_SECRET: client.secret, GOOGLE_BASE_URL: baseUrl },
    oauth,
    state,
    /** What was asked of the Calendar API. */
    asked,
    channels,
    /** Tells those who watch a person's calendars that something changed; the answers' statuses. */
    push: (email: string) =>
      Promise.all(
        [...channels.values()]
          .filter((channel) => channel.email === email)
          .map(async ({ id, token, address }) => {
            const headers = {
              "x-goog-channel-id": id,
              "x-goog-channel-token": token,
              "x-goog-resource-state": "exists",
            };
            return (await fetch(address, { method: "POST", headers })).status;
          }),
      ),
    /** A person with a calendar of their own, who sits at the browser from now on. */
    addPerson(email: string, more: Partial<FakeCalendar>[] = []) {
      const calendars = [{ id: email, summary: email, primary: true }, ...more].map((given, at) => ({
        id: `calendar-${at}`,
        summary: `Calendar ${at}`,
        accessRole: "owner",
        timeZone: "Europe/Berlin",
        ...given,
        events: new Map<string, FakeEvent>(),
        log: new Map<string, number>(),
        version: 1,
      }));
      const account = { sub: `1${String(accounts.size).padStart(20, "0")}`, email, calendars };
      accounts.set(email, account);
      oauth.state.person = account;
      return {
        ...account,
        /** The id of their own calendar. */
        own: email,
        put(event: FakeEvent, calendarId = email) {
          const calendar = calendars.find(({ id }) => id === calendarId)!;
          calendar.events.set(event.id, event);
          calendar.log.set(event.id, (calendar.version += 1));
        },
        remove(id: string, calendarId = email) {
          const calendar = calendars.find((each) => each.id === calendarId)!;
          calendar.events.delete(id);
          calendar.log.set(id, (calendar.version += 1));
        },
      };
    },
    /** Where a browser lands that is sent to a consent. */
    async consent(authorizationUrl: string): Promise<string> {
      const answer = await fetch(authorizationUrl, { redirect: "manual" });
      const location = answer.headers.get("location");
      if (location === null) throw new Error(`${answer.status} ${await answer.text()}`);
      return location;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const refusal = (code: number, reason: string) => ({ error: { code, message: reason, errors: [{ reason }] } });

const json = (response: ServerResponse, status: number, body: object) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
