import type { AccountProvider } from "#domain/calendar/account.ts";
import type { CalendarAccount } from "#prisma/generated/client.ts";
import type { PrismaClient } from "../db.ts";
import { SealBroken } from "../seal.ts";
import type { Sealer } from "../seal.ts";

export interface KeptTokens {
  accessToken: string;
  accessUntil: Date;
  /** Null where the one before stays. */
  refreshToken: string | null;
}

export interface AccountToken {
  provider: AccountProvider;
  email: string;
  accessToken: string;
}

interface Asked {
  accountId: string;
  /** An access token that was refused: another one is wanted. */
  refused?: string | undefined;
  /** Null: the provider takes the refresh token no more. */
  refresh(provider: AccountProvider, refreshToken: string): Promise<KeptTokens | null>;
}

/** So long before its end a token is not used any more. */
const marginMs = 60_000;
/** Longer than a provider is waited for. */
const transactionMs = { timeout: 40_000, maxWait: 10_000 };

/**
 * An access token of an account, a new one where that is due. One at a time: a provider may take a refresh token only
 * once, and what it hands out instead is kept before anybody uses it. `consent_needed` stays true until the person has
 * consented anew.
 */
export function accessTokenOf(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  { accountId, refused, refresh }: Asked,
): Promise<AccountToken | "gone" | "consent_needed"> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM calendar_account WHERE id = ${accountId}::uuid FOR UPDATE`;
    const account = await tx.calendarAccount.findUnique({ where: { id: accountId } });
    if (account === null || account.closedAt !== null) return "gone";
    if (account.needsConsentSince !== null) return "consent_needed";
    const provider = account.provider as AccountProvider;
    const { access, refreshToken } = opened(sealer, account);
    const sealed = ({ refreshToken: next, ...tokens }: KeptTokens) => {
      // One that stays is sealed anew under a new key.
      const kept = next ?? (sealer.isCurrent(account.refreshToken) ? null : refreshToken);
      return {
        ...sealedAccess(sealer, accountId, tokens),
        ...(kept === null ? {} : sealedRefresh(sealer, accountId, kept)),
      };
    };
    if (access !== null && access !== refused) return { provider, email: account.email, accessToken: access };
    const tokens = refreshToken === null ? null : await refresh(provider, refreshToken);
    const data = tokens === null ? { needsConsentSince: new Date() } : sealed(tokens);
    await tx.calendarAccount.update({ where: { id: accountId }, data });
    return tokens === null ? "consent_needed" : { provider, email: account.email, accessToken: tokens.accessToken };
  }, transactionMs);
}

/** That an account's tokens are refused, also new ones. */
export async function endConsent(prisma: PrismaClient, accountId: string): Promise<void> {
  await prisma.calendarAccount.updateMany({
    where: { id: accountId, needsConsentSince: null },
    data: { needsConsentSince: new Date() },
  });
}

/** What is to be revoked of a closed account; null: nothing, it is gone, was reconnected, or its key is lost. */
export async function tokenToRevoke(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  accountId: string,
): Promise<{ provider: AccountProvider; refreshToken: string } | null> {
  const account = await prisma.calendarAccount.findUnique({ where: { id: accountId } });
  if (account === null || account.closedAt === null) return null;
  const { provider, subject } = account;
  // A provider takes back its consent as a whole: also what another person here has by it.
  const others = await prisma.calendarAccount.count({ where: { provider, subject, closedAt: null } });
  const { refreshToken } = opened(sealer, account);
  return others > 0 || refreshToken === null ? null : { provider: provider as AccountProvider, refreshToken };
}

export async function forgetAccount(prisma: PrismaClient, accountId: string): Promise<void> {
  await prisma.calendarAccount.deleteMany({ where: { id: accountId, closedAt: { not: null } } });
}

export const sealedAccess = (
  sealer: Sealer,
  id: string,
  { accessToken, accessUntil }: Omit<KeptTokens, "refreshToken">,
) => ({ accessToken: sealer.seal(accessToken, placeOf(id, "access_token")), accessUntil });

export const sealedRefresh = (sealer: Sealer, id: string, refreshToken: string) => ({
  refreshToken: sealer.seal(refreshToken, placeOf(id, "refresh_token")),
});

/** The tokens that can be used; one whose key is lost cannot, so the person is asked to consent anew. */
function opened(sealer: Sealer, { id, accessToken, accessUntil, refreshToken }: CalendarAccount) {
  const holds = accessUntil !== null && accessUntil.getTime() > Date.now() + marginMs;
  return {
    access: holds && accessToken !== null ? open(sealer, id, "access_token", accessToken) : null,
    refreshToken: open(sealer, id, "refresh_token", refreshToken),
  };
}

function open(sealer: Sealer, id: string, column: string, value: string): string | null {
  try {
    return sealer.open(value, placeOf(id, column));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

const placeOf = (id: string, column: string) => ({ table: "calendar_account", column, id });
