import { z } from "zod";
import { writeOpml } from "#domain/channels/opml.ts";
import { FeedImport, largestOpml } from "#domain/inputs/opml.ts";
import { channelsOf } from "#records/channels/channels.ts";
import { importFeeds, importResults } from "#records/channels/import-feeds.ts";
import { feedAddress } from "../podcasts/feed-address.ts";
import { targetWorkspace } from "./access.ts";
import { route } from "./route.ts";
import { Id } from "./schemas.ts";

const opmlType = "text/x-opml";

const ImportedFeed = z
  .object({
    title: z.string(),
    url: z.string(),
    result: z.enum(importResults),
    channelId: Id.nullable().meta({ description: "What it became, or what it is already" }),
    message: z.string().meta({ description: "Why it was not added" }),
  })
  .meta({ id: "ImportedFeed" });

export const opmlRoutes = [
  route({
    method: "get",
    path: "/channels.opml",
    summary: "Your channels' podcasts for any podcast app; those that are private are left out",
    tag: "Channels",
    access: "user",
    answers: { 200: { description: "An OPML file", mediaType: [opmlType] } },
    async handle({ deps: { prisma, env }, actor, response }) {
      const channels = await channelsOf(prisma, actor.userId);
      const podcasts = channels
        .filter(({ visibility }) => visibility === "public")
        .map(({ key, ...channel }) => ({ ...channel, feedUrl: feedAddress(env.PUBLIC_URL, key) }));
      response.set({
        "Content-Type": `${opmlType}; charset=utf-8`,
        "Content-Disposition": 'attachment; filename="podcasts.opml"',
        "Cache-Control": "private, no-store",
      });
      response.send(writeOpml({ title: "Podcasts", at: new Date(), podcasts }));
      return null;
    },
  }),

  route({
    method: "post",
    path: "/channels.opml",
    summary: "Add a channel for each feed of an OPML file; what the workspace has already is skipped",
    tag: "Channels",
    access: "user",
    body: FeedImport,
    // JSON writes quotation marks as two characters.
    maxBody: largestOpml * 2,
    answers: {
      200: {
        description: "What came of each feed, in the file's order",
        body: z.object({ items: z.array(ImportedFeed) }),
      },
      403: { description: "Your role lets you read only" },
      404: { description: "There is no such workspace, or it is not yours" },
    },
    async handle({ deps, actor, body }) {
      const workspaceId = await targetWorkspace({ deps, actor }, body.workspaceId);
      const { opml, language, mode } = body;
      const into = { userId: actor.userId, workspaceId, language, mode, publicUrl: deps.env.PUBLIC_URL };
      return { status: 200, body: { items: await importFeeds(deps.prisma, into, opml) } };
    },
  }),
];
