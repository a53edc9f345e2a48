import { StreamVideoClient } from "@stream-io/video-react-sdk";
import type { Call } from "@stream-io/video-react-sdk";
import type { JoinAnswer } from "../../../calls/join-answer.ts";
import type { Seat } from "../join-choice.ts";

export type StreamAnswer = Extract<JoinAnswer, { provider: "stream" }>;

export interface StreamConnection {
  client: StreamVideoClient;
  call: Call;
}

/** Opens the connection; nothing has been joined yet. */
export function connectTo({ apiKey, userId, token, callId, baseUrl }: StreamAnswer, name: string): StreamConnection {
  const client = new StreamVideoClient({
    apiKey,
    user: { id: userId, name },
    token,
    options: baseUrl === undefined ? {} : { baseURL: `${baseUrl.replace(/\/+$/, "")}/video` },
  });
  return { client, call: client.call("default", callId) };
}

/** The SDK goes on trying for minutes; a person does not. */
const longestJoinMs = 30_000;

/** Joins the call, with microphone and camera as they were chosen in the lobby. */
export async function enter({ call }: StreamConnection, meetingId: string, seat: Seat): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not joined within ${longestJoinMs} ms`)), longestJoinMs);
  });
  const joining = call.join({ create: true, data: { custom: { meetingId } } });
  await Promise.race([joining, late]).finally(() => clearTimeout(timer));
  // Who may not use a microphone can still listen.
  await openMicrophone(call, seat.microphoneId).catch((error: unknown) => console.warn("No microphone", error));
  await (seat.isCameraOn ? call.camera.enable() : call.camera.disable()).catch((error: unknown) =>
    console.warn("No camera", error),
  );
}

async function openMicrophone(call: Call, deviceId: string | null): Promise<void> {
  if (deviceId !== null) await call.microphone.select(deviceId);
  await call.microphone.enable();
}

/** Leaves the call, where it was joined, and closes the connection. Never fails: whoever calls it is on their way out. */
export async function disconnect({ client, call }: StreamConnection): Promise<void> {
  await call.leave().catch(() => {});
  await client.disconnectUser().catch(() => {});
}
