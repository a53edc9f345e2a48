import type { FailureCode } from "#domain/failure.ts";
import { noCall } from "#domain/meeting.ts";
import type { CallFacts } from "#domain/meeting.ts";
import type { RunEvent } from "#domain/run.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { storeAnalysis } from "#records/conversations/analyses.ts";
import type { PrismaClient } from "#records/db.ts";
import { announce } from "#records/live/feed.ts";
import { createMeeting, createNextMeeting, saveFacts } from "#records/meetings/meetings.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { storeSegments } from "#records/conversations/segments.ts";

interface Owner {
  userId: string;
  workspaceId: string;
}

const goals = ["What do you want to learn?", "How much time do you have?"];
const blueprint = {
  sessions: [
    { session_name: "Getting to know you", goals },
    { session_name: "Making a plan", goals: ["Which days suit you?"] },
  ],
};

const talk = [
  ["agent", "Hello, I am Iris. What do you want to learn?"],
  ["user", "I would like to learn <b>Portuguese</b> before the summer."],
  ["agent", "How much time do you have for it?"],
  ["user", "Half an hour every morning."],
] as const;

/** A meeting with its agent and the agent's plan, as a person creates it, and what then happens to it. */
export async function addMeeting(
  prisma: PrismaClient,
  { userId, workspaceId }: Owner,
  { name = "Portuguese", provider = "practice" }: { name?: string; provider?: "practice" | "stream" } = {},
) {
  const agent = { userId, workspaceId, name: "Iris", instructions: "Be kind.", voice: "alloy", blueprint };
  const agentId = await createAgent(prisma, agent);
  const order = { userId, workspaceId, agentId, name, prompt: "", scheduledAt: null, durationMinutes: 30, provider };
  const made = await createMeeting(prisma, order);
  if (!made.ok) throw new Error(made.reason);
  const { id } = made;
  const run = await prisma.run.findFirstOrThrow({ where: { conversationId: id }, select: { id: true } });
  const move = (...events: RunEvent[]) =>
    prisma.$transaction(async (tx) => {
      for (const event of events) await applyRunEvent(tx, run.id, event);
    });
  const know = (facts: Partial<CallFacts>) =>
    prisma.$transaction(async (tx) => announce(tx, await saveFacts(tx, id, { ...noCall, ...facts })));
  const began = Date.now() - 60_000;

  const begin = async () => {
    await know({ startedAt: began, lastStartedAt: began });
    await move({ type: "started" }, { type: "callBegan" });
  };
  const say = () =>
    prisma.$transaction(async (tx) => {
      const segments = talk.map(([speaker, text], index) => ({
        sourceKey: `${speaker}:${index}`,
        speaker,
        text,
        start: index * 5,
        end: index * 5 + 4,
      }));
      await announce(tx, await storeSegments(tx, id, segments));
    });
  const end = async () => {
    await know({ startedAt: began, lastStartedAt: began, endedAt: began + 40_000 });
    await prisma.meeting.update({ where: { id }, data: { processingStartedAt: new Date() } });
    await move({ type: "stage", stage: "drain" });
  };
  const fail = (message: string, code: FailureCode = "provider_unavailable") =>
    move({ type: "failed", error: { code, message, stage: "summary", attempt: 1 } });
  /** The whole work after the call; the first session of the plan is covered by what was said. */
  const complete = async () => {
    const segments = await prisma.transcriptSegment.findMany({ where: { conversationId: id } });
    const of = (text: string) => segments.filter((row) => row.text.includes(text)).map((row) => row.id);
    const covered = goals.map((goal, index) => ({
      text: goal,
      covered: true,
      meetingId: id,
      segmentIds: of(index === 0 ? "Portuguese" : "Half an hour"),
    }));
    const progress = [
      { session_name: "Getting to know you", status: "completed", goals: covered },
      {
        session_name: "Making a plan",
        status: "pending",
        goals: [{ text: "Which days suit you?", covered: false, meetingId: null, segmentIds: [] }],
      },
    ];
    const result = {
      text: segments.length === 0 ? "Nothing was said in this meeting." : "A first talk about Portuguese.",
      bullets: segments.length === 0 ? [] : [bullet("Portuguese is to be learnt before the summer.", of("Portuguese"))],
      actionItems: [],
      notes: [],
    };
    await prisma.$transaction(async (tx) => {
      const made = { result, model: "extractive", promptVersion: "1", costCents: 0 };
      await announce(tx, await storeAnalysis(tx, { conversationId: id, version: 1 }, made));
      await tx.meeting.update({ where: { id }, data: { progress } });
    });
    await move({ type: "stage", stage: "summary" }, { type: "stage", stage: "progress" }, { type: "completed" });
  };
  const planNext = () => prisma.$transaction((tx) => createNextMeeting(tx, id));
  return { id, runId: run.id, agentId, move, begin, say, end, fail, complete, planNext };
}
export type TestMeeting = Awaited<ReturnType<typeof addMeeting>>;

const bullet = (text: string, segmentIds: string[]) => ({ kind: "point" as const, text, segmentIds, supported: true });
