import { accountNames } from "#domain/calendar/account.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import { syncProblems } from "#domain/calendar/sync-problem.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { notify } from "../live/notifications.ts";
import { enqueue } from "../queues/outbox.ts";
import type { Sealer } from "../seal.ts";
import { orderSync } from "./order-sync.ts";
import { sealedAccess, sealedRefresh } from "./account-tokens.ts";
import type { KeptTokens } from "./account-tokens.ts";

export interface AccountView {
  id: string;
  provider: AccountProvider;
  email: string;
  needsConsent: boolean;
}

export interface ConsentedAccount {
  provider: AccountProvider;
  subject: string;
  email: string;
  tokens: KeptTokens & { refreshToken: string };
}

/** Keeps an account that a person consented to, or its consent anew; its calendars are then read at once. */
export async function keepAccount(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  ownerId: string,
  { provider, subject, email, tokens }: ConsentedAccount,
): Promise<string> {
  return prisma.$transaction(async (tx) => {
    const key = { ownerId_provider_subject: { ownerId, provider, subject } };
    const known = await tx.calendarAccount.findUnique({ where: key, select: { id: true } });
    const id = known?.id ?? newId();
    const sealed = { ...sealedAccess(sealer, id, tokens), ...sealedRefresh(sealer, id, tokens.refreshToken) };
    const data = { email, needsConsentSince: null, closedAt: null, ...sealed };
    await tx.calendarAccount.upsert({
      where: key,
      create: { id, ownerId, provider, subject, ...data },
      // From now on there is a day to choose its calendars.
      update: { ...data, createdAt: new Date() },
    });
    const calendars = await tx.calendar.findMany({ where: { accountId: id }, select: { id: true } });
    for (const calendar of calendars) await orderSync(tx, calendar.id);
    await audit(tx, { actorId: ownerId, action: "calendar.consent", subject: id });
    return id;
  });
}

/** An account that a person has connected, and which of its calendars. */
export async function accountOf(
  db: Db,
  ownerId: string,
  id: string,
): Promise<(AccountView & { connected: string[] }) | null> {
  const row = await db.calendarAccount.findFirst({
    where: { id, ownerId, closedAt: null },
    include: { calendars: { select: { remoteId: true } } },
  });
  if (row === null) return null;
  return { ...accountView(row), connected: row.calendars.map(({ remoteId }) => remoteId ?? "") };
}

export const accountView = (row: {
  id: string;
  provider: string;
  email: string;
  needsConsentSince: Date | null;
}): AccountView => ({
  id: row.id,
  provider: row.provider as AccountProvider,
  email: row.email,
  needsConsent: row.needsConsentSince !== null,
});

/** Once for each time that its consent ended. */
export async function notifyConsentNeeded(tx: Tx, id: string): Promise<Announcement[]> {
  const { ownerId, provider, email, needsConsentSince } = await tx.calendarAccount.findUniqueOrThrow({ where: { id } });
  const notice = {
    userId: ownerId,
    dedupeKey: `calendar.consent:${id}:${needsConsentSince?.getTime() ?? 0}`,
    type: "calendar.failing",
    title: `Reconnect ${accountNames[provider as AccountProvider]} of ${email}`,
    body: syncProblems.consent_needed,
    link: "/calendar/connections",
  };
  return notify(tx, notice, null);
}

/** After a calendar of an account went: its provider is told, and with the last calendar the account goes too. */
export async function leaveAccount(tx: Tx, id: string): Promise<void> {
  if ((await tx.calendarChannel.count({ where: { accountId: id, calendarId: null } })) > 0) {
    await enqueue(tx, {
      kind: "calendar.unwatch",
      payload: { accountId: id },
      dedupeKey: `calendar.unwatch:${newId()}`,
      partitionKey: id,
    });
  }
  await closeIfUnused(tx, id);
}

/** Ends an account of which no calendar is left: nobody sees it any more, and its tokens are revoked. */
async function closeIfUnused(tx: Tx, id: string): Promise<void> {
  const { count } = await tx.calendarAccount.updateMany({
    where: { id, closedAt: null, calendars: { none: {} } },
    data: { closedAt: new Date(), accessToken: null, accessUntil: null },
  });
  if (count > 0) await orderRevocation(tx, id, newId());
}

/** Ends a person's accounts of which no calendar is left. Gives how many are there until their tokens are revoked. */
export async function closeAccountsOf(prisma: PrismaClient, ownerId: string): Promise<number> {
  const accounts = await prisma.calendarAccount.findMany({ where: { ownerId }, select: { id: true } });
  for (const { id } of accounts) await prisma.$transaction((tx) => closeIfUnused(tx, id));
  return accounts.length;
}

const orderRevocation = (tx: Tx, id: string, occasion: string) =>
  enqueue(tx, {
    kind: "calendar.account-closed",
    payload: { accountId: id },
    dedupeKey: `calendar.account-closed:${id}:${occasion}`,
    partitionKey: id,
  });

/**
 * Ends the accounts of which nobody chose a calendar, has those revoked once a day whose provider could not be reached,
 * and forgets them when it has not answered for long.
 */
export async function closeIdleAccounts(
  prisma: PrismaClient,
  { idleSince, closedBefore }: { idleSince: Date; closedBefore: Date },
): Promise<void> {
  const idle = await prisma.calendarAccount.findMany({
    where: { createdAt: { lt: idleSince }, closedAt: null, calendars: { none: {} } },
    select: { id: true },
    take: 200,
  });
  for (const { id } of idle) await prisma.$transaction((tx) => closeIfUnused(tx, id));
  const left = await prisma.calendarAccount.findMany({ where: { closedAt: { lt: idleSince } }, select: { id: true } });
  const today = new Date().toISOString().slice(0, 10);
  for (const { id } of left) await prisma.$transaction((tx) => orderRevocation(tx, id, today));
  await prisma.calendarAccount.deleteMany({ where: { closedAt: { lt: closedBefore } } });
  await prisma.calendarConsent.deleteMany({ where: { expiresAt: { lt: new Date() } } });
}
