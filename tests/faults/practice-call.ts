import { expect } from "vitest";
import { newId } from "#records/ids.ts";
import { createPracticeClient } from "#web/practice-client/practice-client.ts";
import type { PracticeClient } from "#web/practice-client/practice-client.ts";
import { createPracticeTickets } from "#web/practice/ticket.ts";
import type { Topology } from "./topology.ts";

const patience = { timeout: 60_000, interval: 50 };

/** What the built-in agent asks, and what it is answered. */
const goals = ["Agree on a date", "Choose a place"];
export const answers = {
  date: "The second of May suits all of us best.",
  place: "The garden behind the library is fine for everybody.",
  rest: "Somebody should bring a table and enough chairs.",
} as const;

/** A call in a practice room with a host and a guest, whom the proxy sent to different webs. */
export async function startPracticeCall(at: Topology) {
  const agent = { name: "Ada", instructions: "Be kind.", voice: "alloy" };
  const sessions = [
    { session_name: "Plan", goals },
    { session_name: "Look back", goals: ["Say what went well"] },
  ];
  const { id: agentId } = await at.post<{ id: string }>("/api/agents", { ...agent, sessions });
  const { id } = await at.post<{ id: string }>("/api/meetings", { name: "Planning the summer", agentId });
  const join = async (name: string, ticket: string) => {
    const client = createPracticeClient({
      meetingId: id,
      ticket,
      origin: at.url.replace("http", "ws"),
      firstDelayMs: 100,
      longestDelayMs: 1_000,
      // As a browser without a voice of its own: words are only shown, and so at once.
      onCaption: ({ speaker, itemId, text, final }) => {
        if (speaker === "agent") client.spoken(itemId, text.length, final);
      },
    });
    client.start();
    await expect.poll(() => client.state().participantId, { ...patience, message: `${name} is in` }).not.toBeNull();
    return client;
  };
  const { ticket } = await at.post<{ ticket: string }>(`/api/meetings/${id}/join`, { name: "Anna" });
  const anna = await join("Anna", ticket);
  const tickets = createPracticeTickets(at.secret);
  const guest = { meetingId: id, participantId: newId(), name: "Ben", role: "guest" } as const;
  const ben = await join("Ben", await tickets.issueTicket(guest));
  const people = [anna, ben];
  const finals = (client: PracticeClient) => client.state().captions.filter(({ final }) => final);
  /** Until both read in the agent's words what they should. */
  const agentSays = async (words: string) => {
    for (const client of people) {
      const said = () =>
        finals(client).some(({ speaker, text }) => speaker === "agent" && text.includes(words)) &&
        client.state().agent.state === "listening";
      await expect.poll(said, { ...patience, message: words }).toBe(true);
    }
  };
  /** Says it as soon as there is a connection to say it on. */
  const says = async (client: PracticeClient, words: string) => {
    await expect.poll(() => client.say(words), patience).toBe(true);
  };
  return {
    id,
    benSays: (words: string) => says(ben, words),
    /** Webs that the two were sent to, the first first. */
    webs: () =>
      at.proxy.passed
        .filter(({ method, path }) => method === "UPGRADE" && path.startsWith(`/ws/practice/${id}?`))
        .map(({ target }) => at.webAt(target)),
    /** The web that has the room. */
    async holder() {
      const [room] = await at.rows<{ address: string }>("SELECT address FROM practice_room WHERE meeting_id = $1", [
        id,
      ]);
      return at.webAt(room?.address ?? "");
    },
    agentSays,
    /** From the second question to the end, which the host makes. */
    async talkToTheEnd() {
      await says(anna, answers.place);
      await agentSays("That was my last question");
      await says(ben, answers.rest);
      await agentSays("Thank you for the conversation");
      anna.endForAll();
    },
    /** Until both are in the call and see each other and the agent in it. */
    async isWhole() {
      const view = ({ state }: PracticeClient) => {
        const { connection, people: here, agent: there } = state();
        return { connection: connection.state, here: here.filter(({ away }) => !away).length, agent: there.state };
      };
      for (const client of people) {
        await expect.poll(() => view(client), patience).toEqual({ connection: "live", here: 2, agent: "listening" });
      }
    },
    [Symbol.dispose]() {
      for (const client of people) client.close();
    },
  };
}

interface Line {
  speaker: string;
  text: string;
}

/** Who says what in a call in which all three answers were given, each once, however often the agent came back. */
const wholeTalk: Line[] = [
  { speaker: "agent", text: expect.stringContaining(`Let's talk about this: ${goals[0]}.`) as string },
  { speaker: "user", text: answers.date },
  { speaker: "agent", text: expect.stringContaining(`The next point is this: ${goals[1]}.`) as string },
  { speaker: "user", text: answers.place },
  { speaker: "agent", text: expect.stringContaining("That was my last question.") as string },
  { speaker: "user", text: answers.rest },
  { speaker: "agent", text: expect.stringContaining("Thank you for the conversation.") as string },
];

/** One result of one call, and one next session. */
export async function expectOneResult(at: Topology, id: string) {
  await expect
    .poll(async () => (await at.ask(`/api/meetings/${id}`)).json(), patience)
    .toMatchObject({
      status: "completed",
      nextId: expect.any(String),
    });
  const lines = await at.transcript(id);
  expect(lines.map(({ speaker, text }) => ({ speaker, text }))).toEqual(wholeTalk);
  const [counts] = await at.rows(
    `SELECT (SELECT count(*)::int FROM analysis WHERE conversation_id = $1) AS analyses,
            (SELECT count(*)::int FROM meeting WHERE previous_id = $1) AS next,
            (SELECT count(*)::int FROM webhook_delivery
              WHERE subject_id = $1 AND type = 'call.session_started') AS starts,
            (SELECT count(*)::int FROM webhook_delivery
              WHERE subject_id = $1 AND type = 'call.session_ended') AS ends`,
    [id],
  );
  expect(counts).toEqual({ analyses: 1, next: 1, starts: 1, ends: 1 });
}
