import { createTransport } from "nodemailer";
import type { Logger } from "pino";
import { conversationPath } from "#domain/ids.ts";
import { inertText } from "#domain/inert-text.ts";
import { textLimits } from "#domain/text.ts";
import type { PrismaClient } from "#records/db.ts";
import { inviteMailOf } from "#records/accounts/invites.ts";
import { passwordMailOf } from "#records/accounts/password-resets.ts";
import { signUpMailOf } from "#records/accounts/pending-accounts.ts";

/** Every mail that is sent. Each may be asked for twice: a second mail is possible, a missing one is not. */
export interface Mails {
  /** Tells a meeting's owner that it is about to begin. */
  sendReminder: (meetingId: string) => Promise<void>;
  /** Sends an invite's link to the address that it is for. */
  sendInvite: (inviteId: string) => Promise<void>;
  /** Tells the owner of an address how to open their new account, or that they have one. */
  sendSignUp: (userId: string) => Promise<void>;
  /** Sends the link by which somebody who has forgotten their password chooses another. */
  sendPasswordLink: (userId: string) => Promise<void>;
}

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  /** `smtp://user:password@host:port`; without it nothing is sent, and the bell has to do. */
  smtpUrl: string | undefined;
  from: string;
  publicUrl: string | undefined;
}

const deadlineMs = 20_000;

export function createMails({ prisma, log, smtpUrl, from, publicUrl = "" }: Deps): Mails {
  if (smtpUrl === undefined) {
    return {
      sendReminder: async () => {},
      // Somebody was told that it is on its way: the row waits until the worker can, and is seen to wait.
      sendInvite: refuse,
      sendSignUp: refuse,
      sendPasswordLink: refuse,
    };
  }
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
  });

  const sendReminder = async (meetingId: string) => {
    const meeting = await prisma.meeting.findUnique({
      where: { id: meetingId },
      include: { conversation: { select: { title: true, owner: { select: { email: true, name: true } } } } },
    });
    const owner = meeting?.conversation.owner;
    if (meeting === null || owner === null || owner === undefined || meeting.scheduledAt === null) return;
    const title = inertText(meeting.conversation.title, textLimits.title);
    await transport.sendMail({
      from,
      to: { name: owner.name, address: owner.email },
      subject: `Soon: ${title}`,
      text: `“${title}” begins at ${meeting.scheduledAt.toUTCString()}.\n\nJoin: ${publicUrl}${conversationPath("meeting", meetingId)}/call\n`,
      messageId: `<${meetingId}.${meeting.scheduledAt.getTime()}@convene>`,
    });
    log.info({ meetingId }, "reminder mailed");
  };

  const sendInvite = async (inviteId: string) => {
    const mail = await inviteMailOf(prisma, inviteId);
    if (mail === null) return;
    const workspace = inertText(mail.workspace, textLimits.name);
    const inviter = inertText(mail.inviter ?? "Somebody", textLimits.name);
    const lines = [
      `${inviter} invites you to the workspace “${workspace}” on Convene, as ${mail.role}.`,
      `Join: ${publicUrl}/invite/${mail.token}`,
      "The link works once, for two weeks. If you do not know what this is about, leave it: nothing happens.",
    ];
    await transport.sendMail({
      from,
      to: { name: "", address: mail.email },
      subject: `Invitation to “${workspace}”`,
      text: `${lines.join("\n\n")}\n`,
    });
    log.info({ inviteId }, "invite mailed");
  };

  const sendSignUp = async (userId: string) => {
    const mail = await signUpMailOf(prisma, userId);
    if (mail === null) return;
    const lines =
      mail.token === null
        ? [
            "Somebody, hopefully you, tried to make an account on Convene with this address. It has one already.",
            `Sign in: ${publicUrl}/sign-in`,
            "If this was not you, nothing has to be done.",
          ]
        : [
            "Somebody, hopefully you, made an account on Convene with this address.",
            `Open it: ${publicUrl}/sign-in?open=${mail.token}`,
            "You need the password that was chosen with it. The link works for a day. If this was not you, leave it: the account does not open without it, and is removed.",
          ];
    await transport.sendMail({
      from,
      to: { name: "", address: mail.email },
      subject: "Your account on Convene",
      text: `${lines.join("\n\n")}\n`,
    });
    log.info({ userId }, "sign-up mailed");
  };

  const sendPasswordLink = async (userId: string) => {
    const mail = await passwordMailOf(prisma, userId);
    if (mail === null) return;
    const lines = [
      "Somebody, hopefully you, asked for a new password of the account on Convene that has this address.",
      `Choose it: ${publicUrl}/reset-password/${mail.token}`,
      "The link works once, for an hour. If this was not you, leave it: your password stays as it is.",
    ];
    await transport.sendMail({
      from,
      to: { name: "", address: mail.email },
      subject: "A new password on Convene",
      text: `${lines.join("\n\n")}\n`,
    });
    log.info({ userId }, "password link mailed");
  };

  return { sendReminder, sendInvite, sendSignUp, sendPasswordLink };
}

const refuse = () => Promise.reject(new Error("SMTP_URL is set for the web process and not for the worker"));
