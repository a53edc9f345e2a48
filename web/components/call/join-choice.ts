import { z } from "zod";

/** How somebody wants to sit in a call. Ids of devices are null for the browser's own choice. */
const Seat = z.object({
  name: z.string(),
  microphoneId: z.string().nullable(),
  isCameraOn: z.boolean(),
});
export type Seat = z.infer<typeof Seat>;

const keyOf = (meetingId: string) => `convene.call.${meetingId}`;

/** Remembers for this tab that somebody is in a call, so that a reload takes them back into it. */
export const rememberSeat = (meetingId: string, seat: Seat) => keep(keyOf(meetingId), JSON.stringify(seat));
export const forgetSeat = (meetingId: string) => keep(keyOf(meetingId), null);

export function rememberedSeat(meetingId: string): Seat | null {
  try {
    return Seat.parse(JSON.parse(sessionStorage.getItem(keyOf(meetingId)) ?? ""));
  } catch {
    return null;
  }
}

// A browser may refuse storage; then a reload comes back to the lobby.
function keep(key: string, value: string | null) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {}
}
