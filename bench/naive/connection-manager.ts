import type { WebSocket } from "ws";

/** What the reference design broadcasts of a transcript: no id, no number, no end time. */
export interface NaiveSegment {
  speaker: string;
  text: string;
  timestamp: number;
}

const stamp = () => ({ timestamp: new Date().toISOString() });

/**
 * The reference design's connection manager: rooms in this process's memory, a broadcast is a loop over the sockets
 * of a room, and what nobody is there to hear is gone.
 */
export function createConnectionManager() {
  const rooms = new Map<string, WebSocket[]>();

  function broadcastToMeeting(meetingId: string, message: object): void {
    const text = JSON.stringify(message);
    const closed: WebSocket[] = [];
    for (const socket of rooms.get(meetingId) ?? []) {
      if (socket.readyState === socket.OPEN) socket.send(text);
      else closed.push(socket);
    }
    for (const socket of closed) disconnect(socket, meetingId);
  }

  function disconnect(socket: WebSocket, meetingId: string): void {
    const others = (rooms.get(meetingId) ?? []).filter((each) => each !== socket);
    if (others.length > 0) rooms.set(meetingId, others);
    else rooms.delete(meetingId);
  }

  return {
    connect(socket: WebSocket, meetingId: string): void {
      rooms.set(meetingId, [...(rooms.get(meetingId) ?? []), socket]);
      const message = "Connected to real-time meeting updates";
      socket.send(JSON.stringify({ type: "connected", meeting_id: meetingId, message, ...stamp() }));
    },
    disconnect,
    broadcastToMeeting,
    sendTranscriptSegment: (meetingId: string, segment: NaiveSegment) =>
      broadcastToMeeting(meetingId, { type: "transcript", segment, ...stamp() }),
    sendStatusUpdate: (meetingId: string, status: string, details: { message: string; stage: string }) =>
      broadcastToMeeting(meetingId, { type: "status", status, details, ...stamp() }),
    sendSummary: (meetingId: string, summary: string, actionItems: string[]) =>
      broadcastToMeeting(meetingId, { type: "summary", summary, action_items: actionItems, ...stamp() }),
    sendError: (meetingId: string, error: string) =>
      broadcastToMeeting(meetingId, { type: "error", error, ...stamp() }),
  };
}
export type ConnectionManager = ReturnType<typeof createConnectionManager>;
