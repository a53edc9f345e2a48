import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

interface Linked {
  id: string;
  guestLinkVersion: number;
}

/** The token of a meeting's guest link. It holds until the meeting's `guestLinkVersion` is raised. */
export function guestToken(secret: string, { id, guestLinkVersion }: Linked): string {
  // A key of its own: what is signed for another purpose can never pass for a guest link.
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "convene guest link", 32));
  return createHmac("sha256", key).update(`${id} ${guestLinkVersion}`).digest("base64url");
}

/** Whether a token lets its bearer into this meeting's call. Takes the same time for every wrong one. */
export function isGuestToken(secret: string, meeting: Linked, token: string): boolean {
  const [expected, given] = [Buffer.from(guestToken(secret, meeting)), Buffer.from(token)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const guestPath = (secret: string, meeting: Linked) => `/join/${meeting.id}/${guestToken(secret, meeting)}`;
