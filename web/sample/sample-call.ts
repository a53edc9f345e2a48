import type { PrismaClient } from "#records/db.ts";
import { agentNamed, createAgent } from "#records/meetings/agents.ts";
import { unbegunMeeting } from "#records/meetings/meeting-detail.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import type { callProvider } from "../calls/call-provider.ts";

interface Owner {
  userId: string;
  workspaceId: string;
}

const coach = {
  name: "Interview coach",
  instructions:
    "You prepare people for a job interview. Ask one question at a time and listen to the whole answer. Say in one sentence what was good and in one what would make it better, then go on. Be friendly and plain.",
  voice: "alloy",
  blueprint: {
    sessions: [
      {
        session_name: "Who you are",
        goals: ["Introduce yourself in two minutes", "Say why you want this job"],
      },
      {
        session_name: "What you have done",
        goals: ["Tell of a piece of work you are proud of", "Tell of something that went wrong, and what came of it"],
      },
      {
        session_name: "The rehearsal",
        goals: ["Answer five questions in a row", "Ask two questions of your own"],
      },
    ],
  },
};

/** The agent that a person may try a call with: a plan of three sessions, theirs to change. Gives its id. */
export async function openCoach(prisma: PrismaClient, { userId, workspaceId }: Owner): Promise<string> {
  const known = await agentNamed(prisma, { userId, workspaceId, name: coach.name });
  return known ?? createAgent(prisma, { userId, workspaceId, ...coach });
}

/** A call with that agent, or the one that is ready already and nobody has joined. Gives its meeting's id. */
export async function openSampleCall(
  prisma: PrismaClient,
  owner: Owner & { provider: ReturnType<typeof callProvider> },
): Promise<string | null> {
  const agentId = await openCoach(prisma, owner);
  const ready = await unbegunMeeting(prisma, { userId: owner.userId, agentId, provider: owner.provider });
  if (ready !== null) return ready;
  const order = { name: "Who you are", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const made = await createMeeting(prisma, { ...owner, agentId, ...order });
  return made.ok ? made.id : null;
}
