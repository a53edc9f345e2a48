import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { PracticeRole } from "#domain/practice.ts";

/** Who may enter which room, and as whom. The same participant from elsewhere takes their own place over. */
export interface PracticeTicket {
  meetingId: string;
  participantId: string;
  name: string;
  role: PracticeRole;
}

const TICKET_HOURS = 12;
const ISSUER = "convene";
const AUDIENCE = "convene:practice";
const TYPE = "practice+jwt";

const Claims = z.object({
  sub: z.string().min(1).max(100),
  mid: z.string().refine(isId),
  name: z.string().max(200),
  role: PracticeRole,
});

/** Tickets for the practice room. One lasts as long as a call may, so that who was cut off can come back with it. */
export function createPracticeTickets(secret: string) {
  // A key of its own, so that no other token of ours passes for a ticket.
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "convene practice ticket", 32));

  return {
    issueTicket: ({ meetingId, participantId, name, role }: PracticeTicket): Promise<string> =>
      new SignJWT({ mid: meetingId.toLowerCase(), name: name.slice(0, 200), role })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(participantId)
        .setIssuedAt()
        .setExpirationTime(`${TICKET_HOURS}h`)
        .sign(key),

    /** What a ticket says; null for one that is malformed, expired or not ours. */
    async readTicket(ticket: string): Promise<PracticeTicket | null> {
      const verified = await jwtVerify(ticket, key, {
        algorithms: ["HS256"],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["exp", "sub"],
      }).catch(() => null);
      const claims = Claims.safeParse(verified?.payload);
      if (!claims.success) return null;
      const { sub, mid, name, role } = claims.data;
      return { meetingId: mid, participantId: sub, name, role };
    },
  };
}
