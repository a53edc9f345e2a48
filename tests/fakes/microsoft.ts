import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { client, createFakeOauth } from "./oauth-server.ts";
import type { OauthPerson } from "./oauth-server.ts";

/** An event of Graph, as a calendar view gives it: `start` and `end` in UTC. */
export interface GraphEvent {
  id: string;
  start: { dateTime: string; timeZone: string };
  end: { dateTime: string; timeZone: string };
  [field: string]: unknown;
}

interface GraphCalendar {
  id: string;
  name: string;
  isDefaultCalendar: boolean;
  owner: { name: string; address: string };
  events: Map<string, GraphEvent>;
  log: Map<string, number>;
  version: number;
}

const tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
const instant = ({ dateTime }: { dateTime: string }) => Date.parse(`${dateTime}Z`);

export type FakeMicrosoft = Awaited<ReturnType<typeof startFakeMicrosoft>>;

/** Microsoft's sign-in for accounts of every tenant, and Graph, at one address. */
export async function startFakeMicrosoft() {
  const accounts = new Map<string, OauthPerson & { calendars: GraphCalendar[] }>();
  const subscriptions = new Map<string, { notificationUrl: string; clientState: string; email: string }>();
  const asked: { url: URL; prefer: string }[] = [];
  const state = {
    /** Answers instead of Graph's. */
    answer: null as ((response: ServerResponse) => void) | null,
    /** Delta links of before are gone. */
    oldest: 0,
    pageSize: 1_000,
    refusesDelta: false,
  };
  const oauth = await createFakeOauth({
    issuer: () => `${baseUrl}/${tenant}/v2.0`,
    claims: { tid: tenant },
    namesItself: false,
    rotates: true,
    // Its own scopes are not named in the answer, and an API's by its address.
    scopeOf: (scope) =>
      scope.replace(" offline_access", "").replace("Calendars.Read", "https://graph.microsoft.com/Calendars.Read"),
  });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function handle(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? "/", baseUrl);
    if (url.pathname === "/common/oauth2/v2.0/authorize") return oauth.auth(url, response);
    if (request.method === "POST" && url.pathname === "/common/oauth2/v2.0/token")
      return oauth.token(request, response);
    asked.push({ url, prefer: String(request.headers["prefer"]) });
    if (state.answer !== null) return state.answer(response);
    const person = oauth.personOf(request);
    const account = person === null ? undefined : accounts.get(person.email);
    if (account === undefined) return json(response, 401, refusal("InvalidAuthenticationToken"));
    if (url.pathname.startsWith("/v1.0/subscriptions")) return subscribing(account, url, request, response);
    return graph(account.calendars, url, response);
  }

  /** Makes a subscription once its address has given back what it was sent, and ends it. */
  async function subscribing({ email }: OauthPerson, url: URL, request: IncomingMessage, response: ServerResponse) {
    if (request.method === "DELETE") {
      const isKnown = subscriptions.delete(url.pathname.split("/").at(-1) ?? "");
      return void response.writeHead(isKnown ? 204 : 404).end();
    }
    const body = JSON.parse(await text(request)) as { notificationUrl: string; clientState: string };
    const question = `Validation: <Testing> ${Math.random()}`;
    const answer = await fetch(`${body.notificationUrl}?validationToken=${encodeURIComponent(question)}`, {
      method: "POST",
    });
    const isPlain = answer.headers.get("content-type")?.startsWith("text/plain") ?? false;
    if (answer.status !== 200 || !isPlain || (await answer.text()) !== question) {
      return json(response, 400, refusal("ValidationError"));
    }
    const id = `s-${subscriptions.size}-${Date.now()}`;
    subscriptions.set(id, { ...body, email });
    const expirationDateTime = new Date(Date.now() + 6 * 24 * 3_600_000).toISOString();
    json(response, 201, { id, ...body, expirationDateTime });
  }

  function graph(calendars: GraphCalendar[], url: URL, response: ServerResponse): void {
    if (url.pathname === "/v1.0/me/calendars") return json(response, 200, { value: calendars.map(entryOf) });
    const [, id, rest] = /^\/v1\.0\/me\/calendars\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const calendar = calendars.find((each) => each.id === decodeURIComponent(id ?? ""));
    if (calendar === undefined) return json(response, 404, refusal("ErrorItemNotFound"));
    if (rest === undefined) return json(response, 200, entryOf(calendar));
    if (state.refusesDelta && rest.endsWith("/delta")) return json(response, 400, refusal("ErrorInvalidRequest"));
    const token = url.searchParams.get("$deltatoken");
    if (token !== null && Number(token) < state.oldest) return json(response, 410, refusal("syncStateNotFound"));
    const all = token === null ? inWindow(calendar, url.searchParams) : changedSince(calendar, Number(token));
    json(response, 200, pageOf(all, url, rest.endsWith("/delta") ? calendar.version : null));
  }

  function pageOf(all: object[], url: URL, version: number | null): object {
    const from = Number(url.searchParams.get("$skiptoken") ?? 0);
    const end = from + state.pageSize;
    const link = new URL(url);
    if (end < all.length) {
      link.searchParams.set("$skiptoken", String(end));
      return { value: all.slice(from, end), "@odata.nextLink": link.href };
    }
    link.search = `?$deltatoken=${version}`;
    return { value: all.slice(from), ...(version === null ? {} : { "@odata.deltaLink": link.href }) };
  }

  return {
    baseUrl,
    settings: {
      MICROSOFT_CLIENT_ID: client.id,
      MICROSOFT_CLIENT_SECRET: client.secret,
      MICROSOFT_LOGIN_URL: baseUrl,
      MICROSOFT_GRAPH_URL: baseUrl,
    },
    oauth,
    state,
    /** What was asked of Graph. */
    asked,
    subscriptions,
    /** Tells those who watch a person's calendars that something changed; the answers' statuses. */
    push: (email: string) =>
      Promise.all(
        [...subscriptions]
          .filter(([, subscription]) => subscription.email === email)
          .map(async ([subscriptionId, { notificationUrl, clientState }]) => {
            const body = JSON.stringify({ value: [{ subscriptionId, clientState, changeType: "updated" }] });
            const headers = { "content-type": "application/json" };
            return (await fetch(notificationUrl, { method: "POST", headers, body })).status;
          }),
      ),
    /** A person with a calendar of their own, who sits at the browser from now on. */
    addPerson(email: string, more: { id: string; summary: string }[] = []) {
      const own = `AAMk-${email}`;
      const owner = { name: "Ann", address: email };
      const calendars = [{ id: own, summary: "Calendar" }, ...more].map(({ id, summary }, at) => ({
        id,
        name: summary,
        isDefaultCalendar: at === 0,
        owner: at === 0 ? owner : { name: "Team", address: "team@example.com" },
        events: new Map<string, GraphEvent>(),
        log: new Map<string, number>(),
        version: 1,
      }));
      const account = { sub: `AAAA-${email}`, email, calendars };
      accounts.set(email, account);
      oauth.state.person = account;
      const find = (id: string) => calendars.find((each) => each.id === id)!;
      return {
        ...account,
        /** The id of their own calendar. */
        own,
        put(event: GraphEvent, calendarId = own) {
          const calendar = find(calendarId);
          calendar.events.set(event.id, event);
          calendar.log.set(event.id, (calendar.version += 1));
        },
        remove(id: string, calendarId = own) {
          const calendar = find(calendarId);
          calendar.events.delete(id);
          calendar.log.set(id, (calendar.version += 1));
        },
      };
    },
    /** Where a browser lands that is sent to a consent. */
    async consent(authorizationUrl: string): Promise<string> {
      const answer = await fetch(authorizationUrl, { redirect: "manual" });
      return answer.headers.get("location") ?? "";
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const entryOf = ({ id, name, isDefaultCalendar, owner }: GraphCalendar) => ({ id, name, isDefaultCalendar, owner });

function inWindow({ events }: GraphCalendar, query: URLSearchParams): GraphEvent[] {
  const [from = 0, to = 0] = ["startDateTime", "endDateTime"].map((name) => Date.parse(query.get(name) ?? ""));
  return [...events.values()]
    .filter(({ start, end }) => instant(end) > from && instant(start) < to)
    .toSorted((a, b) => instant(a.start) - instant(b.start));
}

const changedSince = ({ events, log }: GraphCalendar, since: number): object[] =>
  [...log]
    .filter(([, version]) => version > since)
    .map(([id]) => events.get(id) ?? { id, "@removed": { reason: "deleted" } });

const refusal = (code: string) => ({ error: { code, message: "" } });

const json = (response: ServerResponse, status: number, body: object) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
