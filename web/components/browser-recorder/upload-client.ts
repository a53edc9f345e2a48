import { z } from "zod";
import type { RecordingDetails } from "./recording-store.ts";

/** An answer of the server that is no success. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** What the server has of an upload; with `conversationId` where it is a recording already. */
export interface Standing {
  offset: number;
  conversationId: string | null;
}

export type UploadClient = ReturnType<typeof createUploadClient>;

const Problem = z.object({ detail: z.string() });
const Session = z.object({ user: z.object({ id: z.string() }) }).nullable();

// Longer than a part takes on a slow line; a connection that hangs is given up after it.
const patienceMs = 60_000;

type Ask = (path: string, init: RequestInit) => Promise<Response>;

/** The requests of a resumable upload (tus) whose length is said at its end. */
export function createUploadClient(ask: Ask = (path, init) => fetch(path, init)) {
  async function answerTo(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(init.signal ? [init.signal] : [])]);
    const headers = { "Tus-Resumable": "1.0.0", ...(init.headers as Record<string, string>) };
    const answer = await ask(path, { ...init, headers, signal });
    if (answer.ok) return answer;
    const detail = Problem.safeParse(await answer.json().catch(() => null));
    throw new Refusal(answer.status, detail.data?.detail ?? "The server did not take the recording.");
  }

  const standingOf = ({ headers }: Response): Standing => ({
    offset: Number(headers.get("Upload-Offset") ?? Number.NaN),
    conversationId: headers.get("X-Conversation-Id"),
  });

  return {
    /** Asks for a place for a new recording, and gives its address. */
    async begin(details: RecordingDetails, signal?: AbortSignal): Promise<string> {
      const headers = { "Upload-Defer-Length": "1", "Upload-Metadata": encode({ ...details }) };
      const answer = await answerTo("/api/uploads", { method: "POST", headers, signal: signal ?? null });
      return answer.headers.get("Location") ?? "";
    },
    async standing(url: string, signal: AbortSignal): Promise<Standing> {
      return standingOf(await answerTo(url, { method: "HEAD", signal }));
    },
    /** Sends a part. `isLast` says that nothing follows. */
    async send(url: string, { offset, part, isLast }: SentPart, signal: AbortSignal): Promise<Standing> {
      const headers = {
        "Upload-Offset": String(offset),
        "Content-Type": "application/offset+octet-stream",
        ...(isLast ? { "Upload-Length": String(offset + part.size) } : {}),
      };
      return standingOf(await answerTo(url, { method: "PATCH", headers, body: part, signal }));
    },
    /** Gives an upload up of which nothing shall stay. */
    async remove(url: string): Promise<void> {
      await answerTo(url, { method: "DELETE" });
    },
    /** Who is signed in now; another tab may have changed that. */
    async signedInAs(signal: AbortSignal): Promise<string | null> {
      const answer = await answerTo("/api/auth/get-session", { method: "GET", signal });
      return Session.parse(await answer.json())?.user.id ?? null;
    },
  };
}

interface SentPart {
  offset: number;
  part: Blob;
  isLast: boolean;
}

function encode(metadata: Record<string, string>): string {
  const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(metadata)
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(",");
}
