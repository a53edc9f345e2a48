interface GoogleTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

/** An event as it is put into the fake; `every`: days between its occurrences, of which there are `count`. */
export interface FakeEvent {
  id: string;
  summary?: string;
  start: GoogleTime;
  end: GoogleTime;
  every?: number;
  count?: number;
  /** What is different in an occurrence by its number; null: it is cancelled. */
  changes?: Record<number, object | null>;
  [field: string]: unknown;
}

export interface FakeCalendar {
  id: string;
  summary: string;
  primary?: boolean;
  timeZone?: string;
  accessRole?: string;
  events: Map<string, FakeEvent>;
  /** When which event last changed; those that are gone too. */
  log: Map<string, number>;
  version: number;
}

const day = 24 * 3_600_000;
const instant = ({ dateTime, date }: GoogleTime) => Date.parse(dateTime ?? `${date}T00:00:00Z`);

function shifted(time: GoogleTime, days: number): GoogleTime {
  const at = new Date(instant(time) + days * day).toISOString();
  return time.dateTime === undefined ? { ...time, date: at.slice(0, 10) } : { ...time, dateTime: at };
}

/** One of a series by its number, or the event itself, as the API gives it; null: it was cancelled. */
function occurrence(given: FakeEvent, index: number): Record<string, unknown> | null {
  const { every, changes, ...event } = given;
  const common = { kind: "calendar#event", status: "confirmed", iCalUID: `${event.id}@google.com`, ...event };
  if (every === undefined) return common;
  const change = changes?.[index];
  if (change === null) return null;
  const start = shifted(event.start, every * index);
  return {
    ...common,
    id: `${event.id}_${new Date(instant(start)).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`,
    recurringEventId: event.id,
    originalStartTime: start,
    start,
    end: shifted(event.end, every * index),
    ...change,
  };
}

const failure = (code: number, reason: string) => ({
  status: code,
  body: { error: { code, message: reason, errors: [{ domain: "global", reason }] } },
});

const notWithToken = ["timeMin", "timeMax", "updatedMin", "orderBy", "q", "iCalUID"];

/** `events.list`, with its traps: what a sync token forbids, what it tells, and when it is gone. */
export function listEvents(
  calendar: FakeCalendar,
  query: URLSearchParams,
  { oldestToken, pageSize }: { oldestToken: number; pageSize: number },
): { status: number; body: object } {
  const token = query.get("syncToken");
  if (token !== null && notWithToken.some((name) => query.has(name))) return failure(400, "invalid");
  const since = token === null ? null : Number(/^C(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(since)) return failure(400, "invalid");
  if (since !== null && since < oldestToken) return failure(410, "fullSyncRequired");
  const all = since === null ? listed(calendar, query) : changedSince(calendar, since);
  const from = Number(query.get("pageToken") ?? 0);
  const size = Math.min(pageSize, Number(query.get("maxResults") ?? 250));
  const end = from + size;
  const common = { kind: "calendar#events", summary: calendar.summary, timeZone: calendar.timeZone ?? "UTC" };
  const more = end < all.length ? { nextPageToken: String(end) } : { nextSyncToken: `C${calendar.version}` };
  return { status: 200, body: { ...common, items: all.slice(from, end), ...more } };
}

function listed({ events }: FakeCalendar, query: URLSearchParams): object[] {
  if (query.get("singleEvents") !== "true") return [...events.values()];
  const [min, max] = ["timeMin", "timeMax"].map((name) => Date.parse(query.get(name) ?? ""));
  return [...events.values()]
    .flatMap((event) => Array.from({ length: event.every ? (event.count ?? 1) : 1 }, (_, at) => occurrence(event, at)))
    .filter((each) => each !== null)
    .filter(({ start, end }) => instant(end as GoogleTime) > (min ?? 0) && instant(start as GoogleTime) < (max ?? 0))
    .sort((a, b) => instant(a["start"] as GoogleTime) - instant(b["start"] as GoogleTime));
}

const changedSince = ({ events, log }: FakeCalendar, since: number): object[] =>
  [...log].filter(([, version]) => version > since).map(([id]) => events.get(id) ?? { id, status: "cancelled" });
