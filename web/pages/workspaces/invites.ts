import { createInvite, mailInvite } from "#records/accounts/invites.ts";
import type { NewInvite } from "#records/accounts/invites.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import type { WebDeps } from "../../deps.ts";

/** An invite that was made, or in how many seconds one may be mailed again. */
export type Invited =
  | { ok: true; invite: { id: string; url: string | null; mailedTo: string | null; expiresAt: Date } }
  | { ok: false; retryAfterSeconds: number };

/**
 * Invites somebody. The answer does not depend on whether the address has an account, and nobody joins by it: that is
 * for whoever gets the link to do. Where the server mails, only the mail has the link, else the inviter passes it on.
 */
export async function invitePerson(
  { env, prisma }: Pick<WebDeps, "env" | "prisma">,
  invite: NewInvite,
): Promise<Invited> {
  const { actorId, email } = invite;
  if (email === null || env.SMTP_URL === undefined) {
    const { token, ...made } = await createInvite(prisma, invite);
    return { ok: true, invite: { ...made, url: `${env.PUBLIC_URL}/invite/${token}`, mailedTo: null } };
  }
  // Mails go to strangers in this server's name, in words that the inviter chose in part.
  const perHour = env.INVITE_MAILS_PER_HOUR;
  const allowance = await consume(prisma, `invite-mail:${actorId}`, { burst: perHour, perMinute: perHour / 60 });
  if (!allowance.allowed) return { ok: false, retryAfterSeconds: allowance.retryAfterSeconds };
  return { ok: true, invite: { ...(await mailInvite(prisma, { ...invite, email })), url: null, mailedTo: email } };
}
