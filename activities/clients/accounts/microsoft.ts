import { z } from "zod";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { SyncFailed } from "../calendar/source.ts";
import type { AccountClient, Bearer, RemoteCalendar } from "./account-client.ts";
import { addressOf } from "./attendees.ts";
import { microsoftEventFields, microsoftOccurrence } from "./microsoft-event.ts";
import { createOauth } from "./oauth.ts";
import { providerFetch, failed } from "./provider-fetch.ts";
import type { Answer } from "./provider-fetch.ts";

interface Settings {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  tenant: string;
  loginUrl: string;
  graphUrl: string;
  jitsiHosts: readonly string[];
}

const mostOccurrences = 5_000;
const pageSize = 200;
/** Pages of a window's changes, of which its first round has all events. */
const mostFollowPages = 40;
/** Ids that stay when an event is moved between folders, times in UTC, and texts without their markup. */
const preferences = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"';

const Page = z.object({
  value: z.array(z.unknown()),
  "@odata.nextLink": z.string().optional(),
  "@odata.deltaLink": z.string().optional(),
});
type Page = z.infer<typeof Page>;

const Calendar = z.object({
  id: z.string().min(1).max(1_000),
  name: z.string().nullish(),
  isDefaultCalendar: z.boolean().nullish(),
  owner: z.object({ address: z.string().nullish() }).nullish(),
});
/** Graph takes seven days at most for events. */
const watchMs = 6 * 24 * 3_600_000;
const Subscription = z.object({ id: z.string().min(1).max(500), expirationDateTime: z.coerce.date() });
const calendarFields = Object.keys(Calendar.shape).join(",");

/** Calendars of Outlook and Microsoft 365, by Graph v1.0. */
export function createMicrosoft({ tenant, loginUrl, graphUrl, jitsiHosts, ...settings }: Settings): AccountClient {
  const api = new URL("v1.0/me/", `${graphUrl}/`);
  const isOneTenant = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant);
  const issuer = (id: unknown) => `${loginUrl}/${isOneTenant ? tenant : String(id)}/v2.0`;
  const oauth = createOauth({
    ...settings,
    server: {
      issuer: issuer(tenant),
      authorization_endpoint: `${loginUrl}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${loginUrl}/${tenant}/oauth2/v2.0/token`,
    },
    scopes: ["openid", "profile", "email", "offline_access", "Calendars.Read"],
    needed: ["Calendars.Read"],
    parameters: { prompt: "select_account", response_mode: "query" },
    // An identity is issued by its own tenant, whichever of them may come.
    issuerOf: ({ tid }) => issuer(tid),
  });

  async function ask(bearer: Bearer, url: URL, size = pageSize): Promise<Answer> {
    // The next address comes from the answer before; the token is for this host alone.
    if (url.origin !== api.origin) throw new SyncFailed("damaged");
    return providerFetch(url, bearer, { headers: { prefer: `${preferences}, odata.maxpagesize=${size}` } });
  }

  async function page(bearer: Bearer, url: URL): Promise<Page> {
    const answer = await ask(bearer, url);
    if (answer.status !== 200) throw refusal(answer);
    const parsed = Page.safeParse(answer.body);
    if (!parsed.success) throw new SyncFailed("damaged", { cause: parsed.error });
    return parsed.data;
  }

  async function* pages(bearer: Bearer, first: URL) {
    for (let next: URL | null = first; next !== null;) {
      const one: Page = await page(bearer, next);
      yield one;
      const link: string | undefined = one["@odata.nextLink"];
      next = link === undefined ? null : URL.parse(link);
      if (link !== undefined && next === null) throw new SyncFailed("damaged");
    }
  }

  /** The pages of changes until the place after them; null where there are too many, or none is named. */
  async function round(bearer: Bearer, first: URL): Promise<{ changed: boolean; cursor: string } | null> {
    let [changed, left] = [false, mostFollowPages];
    for await (const one of pages(bearer, first)) {
      changed ||= one.value.length > 0;
      const place = one["@odata.deltaLink"];
      if (place !== undefined) return { changed, cursor: place };
      if (--left === 0) break;
    }
    return null;
  }

  return {
    provider: "microsoft",
    ...oauth,

    async calendars(bearer) {
      const found: RemoteCalendar[] = [];
      const url = new URL(`calendars?$select=${calendarFields}&$top=100`, api);
      for await (const { value } of pages(bearer, url)) {
        for (const item of value) {
          const { data } = Calendar.safeParse(item);
          if (data !== undefined) found.push(remoteOf(data));
        }
        if (found.length >= 1_000) break;
      }
      return found;
    },

    followsWindow: true,

    async follow(bearer, remoteId, window) {
      const url = new URL(`calendars/${encodeURIComponent(remoteId)}/calendarView/delta?${spanOf(window)}`, api);
      try {
        return (await round(bearer, url))?.cursor ?? null;
      } catch (error) {
        // Not every calendar tells of changes; what can be read is read without.
        if (error instanceof PlaceGone || (error instanceof SyncFailed && error.problem === "not_permitted"))
          return null;
        throw error;
      }
    },

    async changes(bearer, _remoteId, cursor) {
      const url = URL.parse(cursor);
      if (url === null || url.origin !== api.origin) return null;
      try {
        return await round(bearer, url);
      } catch (error) {
        if (error instanceof PlaceGone) return null;
        throw error;
      }
    },

    async watch(bearer, { id, token, remoteId, address }) {
      const body = {
        changeType: "created,updated,deleted",
        notificationUrl: address,
        resource: `me/calendars/${remoteId}/events`,
        expirationDateTime: new Date(Date.now() + watchMs).toISOString(),
        clientState: `${id}.${token}`,
      };
      const answer = await providerFetch(new URL("../subscriptions", api), bearer, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const subscription = Subscription.safeParse(answer.body);
      if (answer.status !== 201 || !subscription.success) throw refusal(answer);
      return { remoteId: subscription.data.id, expiresAt: subscription.data.expirationDateTime };
    },

    async unwatch(bearer, { remoteId }) {
      const url = new URL(`../subscriptions/${encodeURIComponent(remoteId)}`, api);
      const answer = await providerFetch(url, bearer, { method: "DELETE" });
      if (answer.status >= 300 && answer.status !== 404) throw refusal(answer);
    },

    async read(bearer, { remoteId, email, timeZone }, window) {
      const path = `calendars/${encodeURIComponent(remoteId)}`;
      const about = await ask(bearer, new URL(`${path}?$select=${calendarFields}`, api));
      if (about.status !== 200) throw refusal(about);
      const { data } = Calendar.safeParse(about.body);
      const isOwn = (data?.isDefaultCalendar ?? false) || addressOf(data?.owner?.address) === email;
      const query = `${spanOf(window)}&$orderby=start/dateTime&$top=${pageSize}&$select=${microsoftEventFields}`;
      const items: unknown[] = [];
      for await (const { value } of pages(bearer, new URL(`${path}/calendarView?${query}`, api))) {
        items.push(...value);
        if (items.length > mostOccurrences) break;
      }
      const listed = items
        .slice(0, mostOccurrences)
        .map((item) => microsoftOccurrence(item, { email, isOwn }, jitsiHosts));
      const occurrences = listed.filter((each) => each !== null);
      const skipped = [
        { reason: "damaged", count: listed.length - occurrences.length },
        { reason: "too_many", count: items.length - listed.length },
      ].filter(({ count }) => count > 0);
      return { name: data?.name ?? null, timeZone, occurrences, skipped };
    },
  };
}

const spanOf = ({ from, to }: { from: Date; to: Date }) =>
  `startDateTime=${from.toISOString()}&endDateTime=${to.toISOString()}`;

const remoteOf = ({ id, name, isDefaultCalendar }: z.infer<typeof Calendar>): RemoteCalendar => ({
  id,
  name: cut(cleanLine(name ?? ""), textLimits.title) || "Calendar",
  isPrimary: isDefaultCalendar ?? false,
  timeZone: null,
});

/** The place from which on changes are told is too old, or none. */
class PlaceGone extends Error {}

const Refusal = z.object({ error: z.object({ code: z.string() }) });
const placeGone =
  /^(syncStateNotFound|syncStateInvalid|resyncRequired|ErrorInvalidSyncStateData|ErrorSyncFolderNotFound)$/i;

function refusal({ status, headers, body }: Answer): Error {
  const code = Refusal.safeParse(body).data?.error.code ?? "";
  if (status === 410 || status === 400 || placeGone.test(code))
    return new PlaceGone(`Graph answered ${status} (${code})`);
  if (/throttl|toomany/i.test(code)) return failed("rate_limited", headers);
  if (status === 404 && code !== "MailboxNotEnabledForRESTAPI") return new SyncFailed("unshared");
  return new SyncFailed("not_permitted", { cause: new Error(`Graph answered ${status} (${code})`) });
}
