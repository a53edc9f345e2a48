import { SignJWT } from "jose";
import { WebSocket } from "ws";
import type { RawData } from "ws";
import { startHelper } from "../stack/helper-process.ts";
import type { NaiveDrive } from "./process.ts";

const meeting = { secret: "bench-secret-of-32-characters-00", meetingId: "m1", personId: "p1" };

export interface NaiveRun extends AsyncDisposable {
  /** Connects a viewer, who is handed each segment's number and the moment it was sent at. */
  join(onSegment: (index: number, sentAtMs: number) => void): Promise<WebSocket>;
  /** Uploads; resolves with the whole processing done, as the reference design answers only then. */
  upload(): Promise<unknown>;
}

/** The reference design in a process of its own, ready to give `count` segments at `perSecond` to one meeting. */
export async function startNaive(load: { count: number; perSecond: number }): Promise<NaiveRun> {
  const drive: NaiveDrive = { ...meeting, ...load };
  const server = await startHelper("../naive/process.ts", drive);
  const key = new TextEncoder().encode(drive.secret);
  const token = await new SignJWT({ sub: drive.personId }).setProtectedHeader({ alg: "HS256" }).sign(key);
  const at = `127.0.0.1:${server.port}`;
  return {
    join(onSegment) {
      const socket = new WebSocket(`ws://${at}/ws/meeting/${drive.meetingId}?token=${token}`);
      socket.on("message", (data) => {
        const message = JSON.parse(textOf(data)) as { type: string; segment: { text: string } };
        if (message.type !== "transcript") return;
        const [index, sentAtMs] = message.segment.text.split(" ");
        onSegment(Number(index), Number(sentAtMs));
      });
      return new Promise((resolve, reject) => {
        socket.once("open", () => resolve(socket));
        socket.once("error", reject);
      });
    },
    upload: () => fetch(`http://${at}/meetings/${drive.meetingId}/upload`, { method: "POST", body: "audio" }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const textOf = (data: RawData) => (Buffer.isBuffer(data) ? data.toString() : "");
