import { SignJWT } from "jose";

/** Longest a token lets anybody into a call. */
const longestHours = 4;
/** Clocks differ; a token of the future is refused. */
const clockSlackSeconds = 5;

interface Seat {
  apiSecret: string;
  userId: string;
  meetingId: string;
}

/** A token of Stream's with which one person may join one call, and no other. */
export async function streamToken({ apiSecret, userId, meetingId }: Seat): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ user_id: userId, call_cids: [`default:${meetingId}`] })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt(now - clockSlackSeconds)
    .setExpirationTime(now - clockSlackSeconds + longestHours * 3600)
    .sign(new TextEncoder().encode(apiSecret));
}
