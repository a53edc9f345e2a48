import { z } from "zod";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { SyncFailed } from "../calendar/source.ts";
import type { AccountClient, Bearer, RemoteCalendar } from "./account-client.ts";
import { namedZone } from "./event-times.ts";
import { googleEventFields, googleOccurrence } from "./google-event.ts";
import { createOauth } from "./oauth.ts";
import { providerFetch, failed } from "./provider-fetch.ts";
import type { Answer } from "./provider-fetch.ts";

interface Settings {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  /** Where Google is reached, if not at its own addresses. */
  baseUrl: string | undefined;
  jitsiHosts: readonly string[];
}

const scope = (name: string) => `https://www.googleapis.com/auth/calendar.${name}`;
const needed = [scope("calendarlist.readonly"), scope("events.readonly")];

const mostOccurrences = 5_000;
/** Events of one answer, which may have 10 MB. */
const pageSize = 500;
/** What a calendar may have had in all its time for its changes to be followed, in pages of `followPage`. */
const mostFollowPages = 40;
const followPage = 2_500;

const Page = z.object({
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
  summary: z.string().optional(),
  timeZone: z.string().optional(),
});
type Page = z.infer<typeof Page>;

/** A week, which Google may cut short. */
const watchSeconds = 7 * 24 * 3_600;
const Watched = z.object({ resourceId: z.string().min(1).max(500), expiration: z.coerce.number() });

const Entry = z.object({
  id: z.string().min(1).max(1_000),
  summary: z.string().default(""),
  summaryOverride: z.string().optional(),
  primary: z.boolean().default(false),
  timeZone: z.string().optional(),
});

/** Google Calendar, by its API v3. */
export function createGoogle({ baseUrl, jitsiHosts, ...settings }: Settings): AccountClient {
  const api = new URL("calendar/v3/", `${baseUrl ?? "https://www.googleapis.com"}/`);
  const oauth = createOauth({
    ...settings,
    server: {
      issuer: baseUrl ?? "https://accounts.google.com",
      authorization_endpoint: `${baseUrl ?? "https://accounts.google.com"}/o/oauth2/v2/auth`,
      token_endpoint: `${baseUrl ?? "https://oauth2.googleapis.com"}/token`,
      revocation_endpoint: `${baseUrl ?? "https://oauth2.googleapis.com"}/revoke`,
    },
    scopes: ["openid", "email", ...needed],
    needed,
    // Google hands out a refresh token only where it asks the person, and asks again only where it is told to.
    parameters: { access_type: "offline", prompt: "consent" },
  });

  async function page(bearer: Bearer, path: string, query: Record<string, string>): Promise<Page> {
    const url = new URL(path, api);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await providerFetch(url, bearer);
    if (answer.status === 410 || (answer.status === 400 && "syncToken" in query)) throw new CursorGone();
    if (answer.status !== 200) throw refusal(answer);
    const parsed = Page.safeParse(answer.body);
    if (!parsed.success) throw new SyncFailed("damaged", { cause: parsed.error });
    return parsed.data;
  }

  /** The pages of a list, as far as it is followed. */
  async function* pages(bearer: Bearer, path: string, query: Record<string, string>) {
    for (let next: string | undefined = ""; next !== undefined;) {
      const one: Page = await page(bearer, path, next === "" ? query : { ...query, pageToken: next });
      yield one;
      next = one.nextPageToken;
    }
  }

  const post = (bearer: Bearer, path: string, body: object) =>
    providerFetch(new URL(path, api), bearer, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  return {
    provider: "google",
    followsWindow: false,
    ...oauth,

    async calendars(bearer) {
      const found: RemoteCalendar[] = [];
      const query = { minAccessRole: "reader", maxResults: "250" };
      for await (const { items } of pages(bearer, "users/me/calendarList", query)) {
        for (const item of items) {
          const entry = Entry.safeParse(item);
          if (entry.success) found.push(remoteOf(entry.data));
        }
        if (found.length >= 1_000) break;
      }
      return found;
    },

    async follow(bearer, remoteId) {
      const query = { maxResults: String(followPage), fields: "nextPageToken,nextSyncToken" };
      let left = mostFollowPages;
      for await (const { nextSyncToken } of pages(bearer, eventsOf(remoteId), query)) {
        if (nextSyncToken !== undefined) return nextSyncToken;
        if (--left === 0) break;
      }
      return null;
    },

    async changes(bearer, remoteId, cursor) {
      const fields = "items/id,nextPageToken,nextSyncToken";
      const query = { syncToken: cursor, maxResults: String(followPage), fields };
      let changed = false;
      try {
        for await (const { items, nextSyncToken } of pages(bearer, eventsOf(remoteId), query)) {
          changed ||= items.length > 0;
          if (nextSyncToken !== undefined) return { changed, cursor: nextSyncToken };
        }
      } catch (error) {
        if (error instanceof CursorGone) return null;
        throw error;
      }
      return null;
    },

    async watch(bearer, { id, token, remoteId, address }) {
      const ttl = String(watchSeconds);
      const body = { id, token, type: "web_hook", address, params: { ttl } };
      const answer = await post(bearer, `${eventsOf(remoteId)}/watch`, body);
      const channel = Watched.safeParse(answer.body);
      if (answer.status !== 200 || !channel.success) throw refusal(answer);
      return { remoteId: channel.data.resourceId, expiresAt: new Date(channel.data.expiration) };
    },

    async unwatch(bearer, { id, remoteId }) {
      const answer = await post(bearer, "channels/stop", { id, resourceId: remoteId });
      if (answer.status >= 300 && answer.status !== 404) throw refusal(answer);
    },

    async read(bearer, calendar, window) {
      const query = {
        singleEvents: "true",
        orderBy: "startTime",
        timeMin: window.from.toISOString(),
        timeMax: window.to.toISOString(),
        maxResults: String(pageSize),
        fields: `items(${googleEventFields}),nextPageToken,summary,timeZone`,
      };
      const reading = { name: null as string | null, timeZone: calendar.timeZone };
      const items: unknown[] = [];
      for await (const one of pages(bearer, `${eventsOf(calendar.remoteId)}?${types}`, query)) {
        reading.name = titleOf(one.summary ?? "") || null;
        reading.timeZone = namedZone(one.timeZone) ?? reading.timeZone;
        items.push(...one.items);
        if (items.length > mostOccurrences) break;
      }
      const asked = { ...calendar, timeZone: reading.timeZone };
      const listed = items.slice(0, mostOccurrences).map((item) => googleOccurrence(item, asked, jitsiHosts));
      const occurrences = listed.filter((each) => each !== null);
      const skipped = [
        { reason: "damaged", count: listed.length - occurrences.length },
        { reason: "too_many", count: items.length - listed.length },
      ].filter(({ count }) => count > 0);
      return { ...reading, occurrences, skipped };
    },
  };
}

/** Without days of birth and places of work, which stand in the calendar as events but are none. */
const types = ["default", "fromGmail", "focusTime", "outOfOffice"].map((type) => `eventTypes=${type}`).join("&");

const eventsOf = (remoteId: string) => `calendars/${encodeURIComponent(remoteId)}/events`;

const titleOf = (text: string) => cut(cleanLine(text), textLimits.title);

const remoteOf = ({ id, summary, summaryOverride, primary, timeZone }: z.infer<typeof Entry>): RemoteCalendar => ({
  id,
  name: titleOf(summaryOverride ?? summary) || id.slice(0, textLimits.title),
  isPrimary: primary,
  timeZone: namedZone(timeZone),
});

/** The place from which on changes are told is too old, or of another calendar. */
class CursorGone extends Error {}

const Refusal = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })).default([]) }) });

function refusal({ status, headers, body }: Answer): Error {
  if (status === 404) return new SyncFailed("unshared");
  const reasons = Refusal.safeParse(body).data?.error.errors.map(({ reason }) => reason) ?? [];
  if (reasons.some((reason) => /limitexceeded$|^quotaexceeded$/i.test(reason))) return failed("rate_limited", headers);
  if (reasons.includes("insufficientPermissions")) return new SyncFailed("consent_needed");
  return new SyncFailed("not_permitted", { cause: new Error(`Google answered ${status} (${reasons.join(", ")})`) });
}
