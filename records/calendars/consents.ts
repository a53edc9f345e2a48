import { randomBytes } from "node:crypto";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { SealBroken } from "../seal.ts";
import type { Sealer } from "../seal.ts";
import { hashToken } from "../token-hash.ts";

interface Deps {
  prisma: PrismaClient;
  sealer: Sealer;
}

/** Who consents, in which session. */
interface Consenting {
  ownerId: string;
  sessionId: string;
  provider: AccountProvider;
}

const holdsMs = 15 * 60_000;
/** Of a person at a time; the oldest goes first. */
const mostOpen = 5;

/** Begins a consent. The state goes to the provider and comes back with the person; only its hash is kept. */
export async function beginConsent({ prisma, sealer }: Deps, who: Consenting, secrets: string): Promise<string> {
  const [id, state] = [newId(), randomBytes(32).toString("base64url")];
  await prisma.$transaction(async (tx) => {
    const open = await tx.calendarConsent.findMany({
      where: { ownerId: who.ownerId },
      orderBy: { id: "desc" },
      skip: mostOpen - 1,
      select: { id: true },
    });
    await tx.calendarConsent.deleteMany({ where: { id: { in: open.map((each) => each.id) } } });
    const expiresAt = new Date(Date.now() + holdsMs);
    const sealed = sealer.seal(secrets, placeOf(id));
    await tx.calendarConsent.create({ data: { id, ...who, stateHash: hashToken(state), secrets: sealed, expiresAt } });
  });
  return state;
}

/** Ends a consent, once: what its beginning kept. Null: it was ended, is too old, or is another session's. */
export async function takeConsent({ prisma, sealer }: Deps, who: Consenting, state: string): Promise<string | null> {
  const [taken] = await prisma.$queryRaw<{ id: string; secrets: string; expiresAt: Date }[]>`
    DELETE FROM calendar_consent
    WHERE state_hash = ${hashToken(state)} AND owner_id = ${who.ownerId}::uuid AND session_id = ${who.sessionId}
      AND provider = ${who.provider}
    RETURNING id, secrets, expires_at AS "expiresAt"`;
  if (taken === undefined || taken.expiresAt < new Date()) return null;
  try {
    return sealer.open(taken.secrets, placeOf(taken.id));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

const placeOf = (id: string) => ({ table: "calendar_consent", column: "secrets", id });
