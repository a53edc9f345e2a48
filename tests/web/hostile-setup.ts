import { randomBytes } from "node:crypto";
import { createInvite } from "#records/accounts/invites.ts";
import { keepAccount } from "#records/calendars/accounts.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addChannelRows, addFileRows } from "#tests/channels/channel-fixtures.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { addFinished } from "#tests/e2e/fixtures.ts";
import { addMerge } from "./add-merge.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { addChannel } from "./podcast-fixtures.ts";
import type { TestWeb } from "./server.ts";

const invited = { role: "member", email: null } as const;
const tokens = { accessToken: "a", accessUntil: new Date(0), refreshToken: "r" };
const consented = { provider: "google" as const, subject: "1", email: "ada@example.com", tokens };

/** A server with one of everything that addresses and bodies can name, all of it one person's, who also operates it. */
export async function oneOfEverything(web: TestWeb) {
  const { prisma } = web.deps;
  const ada = await web.signUp();
  const other = await web.signUp();
  const owner = { userId: ada.userId, workspaceId: ada.workspaceId };
  await prisma.membership.create({ data: { workspaceId: ada.workspaceId, userId: other.userId, role: "member" } });
  const { id, runId } = await addFinished(web.deps, ada);
  const meeting = await addMeeting(prisma, owner);
  const item = await prisma.actionItem.findFirstOrThrow({ where: { conversationId: id } });
  const segment = await prisma.transcriptSegment.findFirstOrThrow({ where: { conversationId: id } });
  const { id: key } = await ada.json<{ id: string }>("/api/keys", { method: "POST", body: {} });
  const recorder = await addRecorder(prisma, owner);
  const visit = await prisma.recorder.findUniqueOrThrow({ where: { id: recorder } });
  const channel = await addChannel(prisma, owner);
  const job = await channel.queue("A video");
  const rows = await addChannelRows(prisma, owner);
  const jingles = await addFileRows(prisma, owner, channel.id);
  for (const key of jingles) await web.deps.media.putText(key, "sound");
  const names: Record<string, string> = {
    id,
    run: runId,
    item: item.id,
    segment: segment.id,
    merge: await addMerge(prisma, { userId: ada.userId, id }),
    workspace: ada.workspaceId,
    other: other.userId,
    invite: (await createInvite(prisma, { actorId: ada.userId, workspaceId: ada.workspaceId, ...invited })).id,
    meeting: meeting.id,
    agent: meeting.agentId,
    key,
    ...(await addCalendar(prisma, owner)),
    account: await keepAccount(web.deps, ada.userId, consented),
    ...rows,
    talks: rows.channel,
    recorder,
    visit: visit.runId,
    channel: channel.id,
    job: job.id,
    video: job.videoId,
    idle: await channel.find("Another video"),
    token: randomBytes(24).toString("base64url"),
  };
  /** Fills in what `:words` name. */
  const named = (text: string) => text.replace(/:([a-z]+)/gi, (whole, word: string) => names[word] ?? whole);
  return { ada, other, names, named, meeting };
}
