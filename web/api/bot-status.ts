import { z } from "zod";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { botStatusWord, recordersOf } from "#records/bot-visits/views.ts";
import type { RecorderView } from "#records/bot-visits/views.ts";
import { route } from "./route.ts";
import { Id, Instant } from "./schemas.ts";

/** B-24 to B-28, in the reference design's names. `bot` is there once one was sent, `session` with it. */
const OngoingMeetingStatus = z
  .object({
    meeting: z.object({
      id: Id,
      title: z.string(),
      start_time: Instant,
      end_time: Instant.nullable(),
      meeting_url: z.string(),
    }),
    session: z.object({ id: Id, status: z.string(), created_at: Instant }).optional(),
    bot: z
      .object({
        id: z.string(),
        status: z.enum(["deployed", "joining", "in_call", "failed"]),
        joined_at: Instant.optional(),
      })
      .optional(),
  })
  .meta({ id: "OngoingMeetingStatus" });

export const botStatusRoute = route({
  method: "get",
  path: "/calendar/meeting-status",
  summary: "The meetings that bots are on their way to or in, with how each bot stands",
  tag: "Recorders",
  access: "user",
  answers: { 200: { description: "All of them", body: z.object({ items: z.array(OngoingMeetingStatus) }) } },
  async handle({ deps: { prisma }, actor }) {
    // Whatever changes a status is told in the workspace's feed, so as long as no feed has moved the answer stands.
    const version = JSON.stringify(await workspaceHeads(prisma, actor.userId));
    const known = answers.get(actor.userId);
    if (known?.version === version) return { status: 200, body: known.body };
    const { items } = await recordersOf(prisma, actor.userId, { only: "ongoing", limit: 100 });
    const body = { items: items.map(statusOf) };
    remember(actor.userId, { version, body });
    return { status: 200, body };
  },
});

interface Answer {
  /** How far each of the person's feeds was before the answer was read. */
  version: string;
  body: { items: ReturnType<typeof statusOf>[] };
}
const answers = new Map<string, Answer>();
const mostAnswers = 1_000;

// The one that was asked for longest ago goes first.
function remember(userId: string, answer: Answer): void {
  answers.delete(userId);
  answers.set(userId, answer);
  const [oldest] = answers.keys();
  if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
}

const statusOf = ({ bot, ...recorder }: RecorderView) => ({
  meeting: {
    id: recorder.id,
    title: recorder.title,
    start_time: recorder.startsAt,
    end_time: recorder.endsAt,
    meeting_url: recorder.meetingUrl,
  },
  ...(bot === null
    ? {}
    : {
        session: { id: recorder.runId, status: recorder.status, created_at: recorder.joinAt },
        bot: {
          id: bot.id,
          status: botStatusWord(bot.state),
          ...(bot.joinedAt === null ? {} : { joined_at: bot.joinedAt }),
        },
      }),
});
