import { z } from "zod";
import { speakerFields } from "#domain/inputs/conversation.ts";
import { homeOfConversation } from "#records/conversations/conversations.ts";
import { mergeSpeakers } from "#records/conversations/merge-speakers.ts";
import { openMerges, undoMerge } from "#records/conversations/undo-merge.ts";
import { notFound } from "../http/problem.ts";
import { requireWriter } from "./access.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { Id, IdParams, Instant } from "./schemas.ts";

const Merge = z
  .object({
    id: Id,
    label: z.string().meta({ description: "Whose words became those of `into`" }),
    into: z.string(),
    createdAt: Instant,
  })
  .meta({ id: "Merge" });

export const mergeRoutes = [
  route({
    method: "post",
    path: "/conversations/:id/speakers/:label/merge",
    summary: "Make a speaker the same as another: all their words become the other's",
    tag: "Conversations",
    access: "user",
    params: z.object({ id: z.string(), label: speakerFields.label }),
    body: z.object({ into: speakerFields.label }),
    answers: {
      200: {
        description: "Whose the words are now; `mergeId` undoes it, and is null where nothing was moved",
        body: z.object({ label: z.string(), mergeId: Id.nullable() }),
      },
    },
    async handle({ deps, actor, params: { id, label }, body: { into } }) {
      await requireWriter({ deps, actor }, id);
      const merged = await mergeSpeakers(deps.prisma, { userId: actor.userId, id, label, into });
      if (merged === null) throw notFound();
      return { status: 200, body: { label: into, ...merged } };
    },
  }),

  route({
    method: "get",
    path: "/conversations/:id/merges",
    summary: "The merges of speakers that can be undone, the newest first",
    tag: "Conversations",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The merges", body: z.object({ merges: z.array(Merge) }) } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if ((await homeOfConversation(prisma, actor.userId, id)) === null) throw notFound();
      return { status: 200, body: { merges: await openMerges(prisma, id) } };
    },
  }),

  route({
    method: "post",
    path: "/conversations/:id/merges/:mergeId/undo",
    summary:
      "Undo a merge of speakers: the words and action items that it moved go back, but for those that were given to others since",
    tag: "Conversations",
    access: "user",
    params: z.object({ id: z.string(), mergeId: z.string() }),
    answers: {
      200: {
        description: "Whose the words are again, also where it was undone before",
        body: z.object({ label: z.string() }),
      },
      409: { description: "Nothing of it is left to undo" },
    },
    async handle({ deps, actor, params: { id, mergeId } }) {
      await requireWriter({ deps, actor }, id);
      const { label } = settled(await undoMerge(deps.prisma, { userId: actor.userId, id, mergeId }));
      return { status: 200, body: { label } };
    },
  }),
];
