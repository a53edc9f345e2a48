import { z } from "zod";
import { JoinAnswer } from "../../calls/join-answer.ts";

/**
 * How a person left: the call goes on (`left`), they were the last person in it (`last`), they ended it for everybody
 * (`ended`), or it had ended without them (`over`).
 */
export type Leaving = "left" | "last" | "ended" | "over";

/** A person's way into a call and out of it. */
export interface CallEndpoints {
  /** Asks to be let in under a name. Rejects with words for the person. */
  join: (name: string) => Promise<JoinAnswer>;
  /** Tells the server that this person has left; goes on when the page goes away. */
  tellLeft: (how: Leaving) => void;
}

const Refusal = z.object({ detail: z.string().min(1) });

async function ask(path: string, body: object): Promise<JoinAnswer> {
  const response = await fetch(path, jsonPost(body)).catch(() => {
    throw new Error("The server cannot be reached. Check your connection and try again.");
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return JoinAnswer.parse(answer);
  const refusal = Refusal.safeParse(answer);
  throw new Error(refusal.success ? refusal.data.detail : "The server did not let you in. Try again in a moment.");
}

const jsonPost = (body: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

// What is lost here is told by the call's provider a little later.
const tell = (path: string, body: object) =>
  void fetch(path, { ...jsonPost(body), keepalive: true }).catch((error: unknown) =>
    console.warn("The server could not be told of leaving the call.", error),
  );

export const memberEndpoints = (meetingId: string): CallEndpoints => ({
  join: (name) => ask(`/api/meetings/${meetingId}/join`, { name }),
  tellLeft: (how) => tell(`/api/meetings/${meetingId}/leave`, { last: how === "last", endForAll: how === "ended" }),
});

/** Known to this tab and the server alone: the same guest after a reload, and nobody else. */
function tabKey(): string {
  const name = "convene.guest";
  const fresh = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  try {
    const known = sessionStorage.getItem(name) ?? fresh;
    sessionStorage.setItem(name, known);
    return known;
  } catch {
    return fresh;
  }
}

export const guestEndpoints = (meetingId: string, token: string): CallEndpoints => ({
  join: (name) => ask(`/join/${meetingId}/${token}/call`, { intent: "join", name, tabKey: tabKey() }),
  tellLeft: (how) =>
    tell(`/join/${meetingId}/${token}/call`, { intent: "leave", last: how === "last", tabKey: tabKey() }),
});
