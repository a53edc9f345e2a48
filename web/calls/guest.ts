import { createHmac, hkdfSync } from "node:crypto";
import { isId } from "#domain/ids.ts";
import { orderLeave } from "#records/meetings/call-end.ts";
import { guestSnapshot } from "#records/meetings/meeting-snapshot.ts";
import type { MeetingSnapshot } from "#records/meetings/meeting-snapshot.ts";
import type { WebDeps } from "../deps.ts";
import { isGuestToken } from "./guest-link.ts";

type Deps = Pick<WebDeps, "prisma" | "env">;

/** The meeting that a guest's link leads to; null for a link that is wrong or was revoked. */
export async function guestMeeting(
  { prisma, env }: Deps,
  { id, token }: { id: string; token: string },
): Promise<MeetingSnapshot | null> {
  const meeting = isId(id) ? await guestSnapshot(prisma, id) : null;
  return meeting !== null && isGuestToken(env.CONVENE_SECRET, meeting, token) ? meeting : null;
}

/**
 * What a guest is known by in a call. The same browser tab comes back as the same guest; what others in the call see
 * of the name does not let them take its place.
 */
export function guestId({ env }: Deps, meetingId: string, tabKey: string): string {
  const key = new Uint8Array(hkdfSync("sha256", env.CONVENE_SECRET, "", "convene guest id", 32));
  return `guest-${createHmac("sha256", key).update(`${meetingId} ${tabKey}`).digest("base64url").slice(0, 22)}`;
}

/**
 * Notes that a guest says to be the last to leave, which holds only where nobody else is known to be in the call. The practice room knows by itself who is in it, and tells its end as fast;
 * there nobody's word is taken for it, so that no guest can end the others' call.
 */
export async function leaveAsGuest(
  { prisma }: Deps,
  { id, provider, run }: MeetingSnapshot,
  by: string,
): Promise<void> {
  if (provider === "practice" || run.status !== "active") return;
  await prisma.$transaction((tx) => orderLeave(tx, { runId: run.id, meetingId: id, at: new Date(), by }));
}
