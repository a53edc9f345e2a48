import { light } from "./policies.ts";

/** A recording of a call, which its carrier made and now offers: kept with the meeting, whatever the meeting's status. */
export async function callAudio(input: { meetingId: string; deliveryId: string }): Promise<void> {
  await light.keepCallAudio(input);
}
