import { createTransport } from "nodemailer";
import type { Logger } from "pino";
import { conversationPath } from "#domain/ids.ts";
import type { PrismaClient } from "#records/db.ts";

/** Sends the reminder of a meeting to its owner. May be asked twice: a second mail is possible, a missing one is not. */
export type SendReminder = (meetingId: string) => Promise<void>;

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  /** `smtp://user:password@host:port`; without it nothing is sent, and the bell has to do. */
  smtpUrl: string | undefined;
  from: string;
  publicUrl: string | undefined;
}

const deadlineMs = 20_000;

export function createReminderMail({ prisma, log, smtpUrl, from, publicUrl }: Deps): SendReminder {
  if (smtpUrl === undefined) return async () => {};
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
  });
  return async (meetingId) => {
    const meeting = await prisma.meeting.findUnique({
      where: { id: meetingId },
      include: { conversation: { select: { title: true, owner: { select: { email: true, name: true } } } } },
    });
    const owner = meeting?.conversation.owner;
    if (meeting === null || owner === null || owner === undefined || meeting.scheduledAt === null) return;
    const { title } = meeting.conversation;
    const link = `${publicUrl ?? ""}${conversationPath("meeting", meetingId)}`;
    await transport.sendMail({
      from,
      to: { name: owner.name, address: owner.email },
      subject: `Soon: ${oneLine(title)}`,
      text: `“${title}” begins at ${meeting.scheduledAt.toUTCString()}.\n\nJoin: ${link}/call\n`,
      messageId: `<${meetingId}.${meeting.scheduledAt.getTime()}@convene>`,
    });
    log.info({ meetingId }, "reminder mailed");
  };
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");
