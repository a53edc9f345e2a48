import { atRate } from "../measure.ts";
import type { MeetingSide } from "./side.ts";
import { insist } from "./until.ts";

/** Calls begun a second: about as many as the embedded Temporal can follow on two processors. */
const beginsPerSecond = 8;

/** Makes meetings and brings their agents into their calls; gives the meetings' ids. */
export async function callsOf(side: MeetingSide, count: number): Promise<string[]> {
  const ids = await side.addMeetings(count);
  await atRate({ count, perSecond: beginsPerSecond }, (index) => side.begin(ids[index] ?? ""));
  await insist("The calls have begun", async () => (await side.inCall(ids)) === count, 240_000);
  return ids;
}
