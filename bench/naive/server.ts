import { createServer } from "node:http";
import express from "express";
import { jwtVerify } from "jose";
import { WebSocketServer } from "ws";
import { createConnectionManager } from "./connection-manager.ts";
import type { ConnectionManager } from "./connection-manager.ts";

/** Recognises a recording and gives its segments one after the other; the reference design calls its engine here. */
export type Engine = (audio: Buffer) => AsyncIterable<{ speaker: string; text: string; timestamp: number }>;

export interface NaiveOptions {
  /** Shared secret of the HS256 tokens; `sub` is the person. */
  secret: string;
  /** Who may watch which meeting: meeting id → person. */
  owners: ReadonlyMap<string, string>;
  engine: Engine;
}

/**
 * The reference design as a server: one process that takes the upload, works on it inside the request and tells
 * whoever is connected at that moment. Nothing is stored; nothing is numbered; a restart forgets all.
 */
export function createNaiveServer({ secret, owners, engine }: NaiveOptions) {
  const manager = createConnectionManager();
  const app = express();
  app.post("/meetings/:id/upload", express.raw({ type: () => true, limit: "2gb" }), async (request, response) => {
    const meetingId = request.params.id;
    if (meetingId === undefined || !owners.has(meetingId)) return void response.status(404).end();
    await processUpload(manager, engine, meetingId, request.body as Buffer);
    response.json({ status: "completed" });
  });

  const server = createServer(app);
  const sockets = new WebSocketServer({ noServer: true });
  const key = new TextEncoder().encode(secret);
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const meetingId = /^\/ws\/meeting\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
    jwtVerify(url.searchParams.get("token") ?? "", key, { algorithms: ["HS256"] })
      .then(({ payload }) => {
        if (owners.get(meetingId) !== payload.sub) throw new Error("not this person's meeting");
        sockets.handleUpgrade(request, socket, head, (accepted) => {
          accepted.on("close", () => manager.disconnect(accepted, meetingId));
          accepted.on("message", (data) => {
            if (Buffer.isBuffer(data) && data.includes('"ping"')) accepted.send('{"type":"pong"}');
          });
          manager.connect(accepted, meetingId);
        });
      })
      .catch(() => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  });
  return server;
}

async function processUpload(manager: ConnectionManager, engine: Engine, meetingId: string, audio: Buffer) {
  const tell = (stage: string, message: string) =>
    manager.sendStatusUpdate(meetingId, "processing", { message, stage });
  try {
    tell("upload", "Audio received, starting processing");
    tell("diarization", "Starting speaker diarization...");
    tell("transcription", "Transcribing audio...");
    tell("alignment", "Aligning transcript with speakers...");
    const texts: string[] = [];
    for await (const segment of engine(audio)) {
      texts.push(segment.text);
      manager.sendTranscriptSegment(meetingId, segment);
    }
    manager.sendSummary(meetingId, texts.slice(0, 3).join(" "), []);
    manager.sendStatusUpdate(meetingId, "completed", { message: "Meeting processing completed!", stage: "done" });
  } catch (error) {
    manager.sendError(meetingId, `Processing failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
