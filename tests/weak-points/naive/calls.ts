import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { RealtimeEvent } from "../events.ts";

/** As much of Stream as the reference design uses of it: the socket by which an agent is in a call. */
export async function startCalls({ patienceMs }: { patienceMs: number }) {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const present = new Map<string, Set<WebSocket>>();
  const connections = new Map<string, number>();
  let refusals = 0;

  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://calls");
    const callId = url.searchParams.get("call_id");
    if (refusals > 0 || url.pathname !== "/video/connect_agent" || callId === null) {
      refusals -= 1;
      socket.end("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (agent) => {
      connections.set(callId, (connections.get(callId) ?? 0) + 1);
      const agents = present.get(callId) ?? new Set();
      present.set(callId, agents.add(agent));
      agent.on("close", () => agents.delete(agent));
      agent.on("error", () => agents.delete(agent));
      agent.send(JSON.stringify({ type: "session.created", event_id: "event_1", session: { type: "realtime" } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const agentsIn = (meetingId: string) => [...(present.get(meetingId) ?? [])];
  const drop = async (agents: WebSocket[]) => {
    const closed = agents.map((agent) => new Promise((resolve) => agent.once("close", resolve)));
    for (const agent of agents) agent.terminate();
    await Promise.all(closed);
  };
  return {
    /** For the SDK's `basePath`. */
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: (meetingId: string) => connections.get(meetingId) ?? 0,
    refuse: (times: number) => void (refusals = times),
    async emit(meetingId: string, event: RealtimeEvent): Promise<number> {
      const until = Date.now() + patienceMs;
      while (agentsIn(meetingId).length === 0 && Date.now() < until) await sleep(25);
      const agents = agentsIn(meetingId);
      for (const agent of agents) agent.send(JSON.stringify(event));
      return agents.length;
    },
    lose: (meetingId: string) => drop(agentsIn(meetingId)),
    loseAll: () => drop([...present.values()].flatMap((agents) => [...agents])),
    async [Symbol.asyncDispose]() {
      for (const agent of sockets.clients) agent.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
