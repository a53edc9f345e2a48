import { data, href, redirect } from "react-router";
import { z } from "zod";
import { channelFileKinds } from "#domain/channels/channel-file.ts";
import { listenerName, VideoOfRecording } from "#domain/inputs/channel.ts";
import {
  channelOf,
  deleteChannel,
  pauseChannel,
  requestCheck,
  startVideo,
  updateChannel,
} from "#records/channels/channels.ts";
import { changeEpisode, episodeOf } from "#records/channels/episodes.ts";
import { addRecordingVideo } from "#records/channels/uploads.ts";
import { isBackfillOf, orderBackfill } from "#records/channels/backfills.ts";
import { removeChannelFile } from "#records/channels/files.ts";
import { addListener, removeListener } from "#records/channels/listeners.ts";
import { getJobDetails } from "#records/channels/jobs.ts";
import type { PrismaClient } from "#records/db.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { NewBackfill } from "#domain/inputs/backfill.ts";
import { feedAddress } from "../../podcasts/feed-address.ts";
import { mustParse, parseFields } from "../forms.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";
import { parseSettings } from "./channel-form.ts";

/** What the buttons of a channel's page ask for. */
const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("checkNow") }),
  z.object({ intent: z.literal("pause") }),
  z.object({ intent: z.literal("resume") }),
  z.object({ intent: z.literal("settings") }),
  z.object({ intent: z.literal("makeEpisode"), videoId: z.uuid() }),
  VideoOfRecording.extend({ intent: z.literal("addRecording") }),
  z.object({ intent: z.literal("cancel"), jobId: z.uuid() }),
  z.object({ intent: z.literal("retry"), jobId: z.uuid() }),
  z.object({ intent: z.literal("publish"), episodeId: z.uuid() }),
  z.object({ intent: z.literal("withdraw"), episodeId: z.uuid() }),
  z.object({ intent: z.literal("discard"), episodeId: z.uuid() }),
  z.object({ intent: z.literal("backfill") }),
  z.object({ intent: z.literal("cancelBackfill"), backfillId: z.uuid() }),
  z.object({ intent: z.literal("retryBackfill"), backfillId: z.uuid() }),
  z.object({ intent: z.literal("addListener") }),
  z.object({ intent: z.literal("removeListener"), listenerId: z.uuid() }),
  z.object({ intent: z.literal("removeFile"), kind: z.enum(channelFileKinds) }),
  z.object({ intent: z.literal("delete") }),
]);

export interface ChannelAnswer extends ActionMessage {
  /** A sentence for each field that is wrong. */
  problems: Record<string, string>;
  /** What was done, in words, where the page does not show it by itself. */
  done: string | null;
  /** A listener's new address, which is told this one time. */
  feedUrl?: string;
}

const answer = ({ message }: ActionMessage, done: string | null = null): ChannelAnswer => ({
  message,
  problems: {},
  done,
});

const missing = "There is no such channel, or it is not yours. It may have been deleted.";
export const unknownChannel = () => data(missing, { status: 404 });
const settle = settleFor(missing);
const settleJob = settleFor("This channel has no such job.");
const settleListener = settleFor("This podcast has no such listener. The address may have been revoked already.");
const settleFile = settleFor("The channel has none. Somebody may have removed it already.");
const settleEpisode = settleFor("This channel has no such episode.");
const settleBackfill = settleFor("This channel has no such order for older videos.");

export interface ChannelAsker {
  prisma: PrismaClient;
  userId: string;
  /** Of the channel. */
  id: string;
  publicUrl: string;
}

/** Does what a form of a channel's page asks; once the channel is deleted, it goes on to the list. */
export async function actOnChannel(
  { prisma, userId, id, publicUrl }: ChannelAsker,
  form: FormData,
): Promise<ChannelAnswer> {
  const channel = await channelOf(prisma, userId, id);
  if (channel === null) throw unknownChannel();
  const role = await roleIn(prisma, userId, channel.workspaceId);
  if (role === null || !writingRoles.includes(role)) {
    throw data("Viewers of a workspace cannot change its channels.", { status: 403 });
  }
  const asked = mustParse(Intent, form);
  switch (asked.intent) {
    case "checkNow":
      return answer(settle(await requestCheck(prisma, userId, id)));
    case "pause":
    case "resume":
      return answer(settle(await pauseChannel(prisma, userId, id, asked.intent === "pause")));
    case "settings": {
      const parsed = parseSettings(form, channel);
      if (!parsed.ok) return { message: null, problems: parsed.problems, done: null };
      return answer(settle(await updateChannel(prisma, userId, id, parsed.value)), "Saved.");
    }
    case "makeEpisode": {
      const isQueued = await startVideo(prisma, userId, { channelId: id, videoId: asked.videoId });
      return answer({ message: isQueued ? null : "It has a job already, or is not there any more." });
    }
    case "addRecording": {
      const added = await addRecordingVideo(prisma, { channelId: id, userId, recordingId: asked.recordingId });
      if (added === null) return answer({ message: "This channel's workspace has no such recording any more." });
      return added.isNew
        ? answer({ message: null }, "It is in line.")
        : answer({ message: "The channel has it already." });
    }
    case "cancel":
    case "retry": {
      settleJob((await getJobDetails(prisma, { userId, agentId: id }, asked.jobId)) !== null);
      const ask = asked.intent === "cancel" ? cancelRun : retryRun;
      return answer(settleJob(await ask(prisma, userId, asked.jobId)));
    }
    case "publish":
    case "withdraw":
    case "discard": {
      const { episodeId } = asked;
      settleEpisode((await episodeOf(prisma, userId, episodeId))?.channelId === id);
      return answer(settleEpisode(await changeEpisode(prisma, { userId, id: episodeId }, asked.intent)));
    }
    case "backfill": {
      const parsed = parseFields(NewBackfill, Object.fromEntries(form));
      if (!parsed.ok) return { message: null, problems: parsed.problems, done: null };
      return answer(settle(await orderBackfill(prisma, { userId, channelId: id, since: parsed.value.since })));
    }
    case "cancelBackfill":
    case "retryBackfill": {
      const { backfillId } = asked;
      settleBackfill(await isBackfillOf(prisma, id, backfillId));
      const ask = asked.intent === "cancelBackfill" ? cancelRun : retryRun;
      return answer(settleBackfill(await ask(prisma, userId, backfillId)));
    }
    case "addListener": {
      const parsed = parseFields(z.object({ name: listenerName() }), { name: form.get("name") ?? "" });
      if (!parsed.ok) return { message: null, problems: parsed.problems, done: null };
      const made = await addListener(prisma, { userId, channelId: id }, parsed.value.name);
      return { ...answer(settle(made)), ...(made.ok ? { feedUrl: feedAddress(publicUrl, made.key) } : {}) };
    }
    case "removeListener":
      return answer(settleListener(await removeListener(prisma, { userId, channelId: id }, asked.listenerId)));
    case "removeFile":
      return answer(settleFile(await removeChannelFile(prisma, { userId, channelId: id }, asked.kind)));
    case "delete":
      settle(await deleteChannel(prisma, userId, id));
      throw redirect(href("/podcasts"));
    default:
      return asked satisfies never;
  }
}
