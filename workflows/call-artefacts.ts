import { light } from "./policies.ts";

interface Offered {
  meetingId: string;
  deliveryId: string;
}

/** A recording of a call, which its provider made and now offers: kept with the meeting, whatever the meeting's status. */
export async function callAudio(input: Offered): Promise<void> {
  await light.keepCallAudio(input);
}

/** The provider's own transcript of a call: the fallback where nothing was collected in the call itself. */
export async function callTranscript(input: Offered): Promise<void> {
  await light.keepCallTranscript(input);
}
