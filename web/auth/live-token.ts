import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import type { PrismaClient } from "#records/db.ts";

/** What a person showed to get in: the row that makes it valid, so that taking the row back takes access back. */
export interface Credential {
  via: "session" | "key";
  id: string;
}

/** What a live token says. `expiresAt` is in milliseconds since 1970. */
export interface LiveGrant {
  userId: string;
  expiresAt: number;
  credential: Credential;
}

const LIVE_TOKEN_SECONDS = 300;
const ISSUER = "convene";
const AUDIENCE = "convene:live";
const TYPE = "live+jwt";

const Claims = z.object({
  sub: z.uuid(),
  exp: z.number(),
  via: z.enum(["session", "key"]),
  sid: z.string().min(1).max(100),
});

/** Short-lived tokens for sockets, which cannot send headers from a browser. */
export function createLiveTokens({ secret, prisma }: { secret: string; prisma: PrismaClient }) {
  // A key of its own: a session cookie's signature can never pass for a token's, or the other way round.
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "convene live token", 32));

  /** A token of five minutes for whoever holds the credential. */
  const issueLiveToken = ({ userId, credential }: Pick<LiveGrant, "userId" | "credential">): Promise<string> =>
    new SignJWT({ via: credential.via, sid: credential.id })
      .setProtectedHeader({ alg: "HS256", typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime(`${LIVE_TOKEN_SECONDS}s`)
      .sign(key);

  /** For each grant, in the order given, whether its session or key still holds. */
  const credentialsStillValid = async (grants: readonly Pick<LiveGrant, "userId" | "credential">[]) => {
    const idsOf = (via: Credential["via"]) =>
      grants.filter(({ credential }) => credential.via === via).map(({ credential }) => credential.id);
    const now = new Date();
    const [sessions, keys] = await Promise.all([
      prisma.session.findMany({
        where: { id: { in: idsOf("session") }, expiresAt: { gt: now } },
        select: { id: true, userId: true },
      }),
      prisma.apiKey.findMany({
        where: {
          id: { in: idsOf("key").filter(isId) },
          revokedAt: null,
          OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
        },
        select: { id: true, userId: true },
      }),
    ]);
    const valid = new Set([
      ...sessions.map((row) => `session ${row.id} ${row.userId}`),
      ...keys.map((row) => `key ${row.id} ${row.userId}`),
    ]);
    return grants.map(({ credential, userId }) => valid.has(`${credential.via} ${credential.id} ${userId}`));
  };

  /** What a token grants; null for one that is malformed, expired, not ours, or whose session or key has ended. */
  const verifyLiveToken = async (token: string): Promise<LiveGrant | null> => {
    const verified = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ["exp", "sub", "iat"],
    }).catch(() => null);
    const claims = Claims.safeParse(verified?.payload);
    if (!claims.success) return null;
    const { sub, exp, via, sid } = claims.data;
    const grant: LiveGrant = { userId: sub, expiresAt: exp * 1000, credential: { via, id: sid } };
    const [isValid] = await credentialsStillValid([grant]);
    return isValid ? grant : null;
  };

  return { issueLiveToken, verifyLiveToken, credentialsStillValid };
}
