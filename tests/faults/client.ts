import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import type { QueryResultRow } from "pg";

/** The run's answer as the API gives it; the tests read a few fields of many. */
export interface RecordingAnswer {
  id: string;
  status: string;
  stage: string;
  percent: number;
  error: { code: string; stage: string } | null;
  summary: { text: string; bullets: { text: string; segmentIds: string[] }[] } | null;
}

export interface TranscriptLine {
  sequenceNumber: number;
  speaker: string;
  text: string;
  start: number;
  end: number;
}

/** The account that a Convene of these tests begins with. */
export const account = { email: "faults@example.com", password: "only-for-fault-tests" };

/** What tests ask of a Convene that may be struck at any time: as its first account, and of its database. */
export async function createClient({ url, databaseUrl, log }: ClientOptions) {
  const headers = { cookie: await signIn(url), origin: url };
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
  /** A connection to the database itself. */
  const database = async (): Promise<Client> => {
    const client = new Client({ connectionString: await databaseUrl() });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  return {
    url,
    headers,
    ask,
    database,
    databaseUrl,
    async post<Answer>(path: string, body: object): Promise<Answer> {
      const response = await ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    async upload(bytes: Buffer<ArrayBuffer>, name: string, query = ""): Promise<string> {
      const form = new FormData();
      form.set("file", new Blob([bytes]), name);
      const response = await ask(`/api/recordings${query}`, { method: "POST", body: form });
      if (response.status !== 202) throw new Error(`upload answered ${response.status}: ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    recording: async (id: string) => (await (await ask(`/api/recordings/${id}`)).json()) as RecordingAnswer,
    transcript: async (id: string) =>
      ((await (await ask(`/api/recordings/${id}/transcript`)).json()) as { segments: TranscriptLine[] }).segments,
    /** Waits for a final status, through any number of refused connections. */
    async finished(id: string, withinMs = 300_000): Promise<RecordingAnswer> {
      const until = Date.now() + withinMs;
      for (;;) {
        const now = await ask(`/api/recordings/${id}`)
          .then((response) => (response.ok ? (response.json() as Promise<RecordingAnswer>) : null))
          .catch(() => null);
        if (now !== null && ["completed", "failed", "cancelled"].includes(now.status)) return now;
        if (Date.now() > until) throw new Error(`not finished: ${JSON.stringify(now)}\n${log().slice(-20).join("\n")}`);
        await wait(250);
      }
    },
    /** Asks the database what no API shows; connects anew for each question, since Postgres gets killed too. */
    async rows<T extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
      const client = await database();
      try {
        return (await client.query<T>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

interface ClientOptions {
  url: string;
  databaseUrl: () => Promise<string>;
  /** What its processes have printed. */
  log: () => readonly string[];
}

export type FaultClient = Awaited<ReturnType<typeof createClient>>;

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(account),
  });
  if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
