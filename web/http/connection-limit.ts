import { BlockList, isIPv6 } from "node:net";
import type { Socket } from "node:net";
import { subscriberOf } from "../auth/sign-in-limits.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Holds every address to so many open connections; more are closed as they come. Only for a server that people reach
 * directly: behind a proxy all connections are the proxy's. The machine itself is trusted.
 */
export function limitConnections(
  server: { on(event: "connection", listener: (socket: Socket) => void): unknown },
  perAddress: number,
): void {
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isLoopback(remoteAddress)) return;
    const holder = subscriberOf(remoteAddress);
    const count = open.get(holder) ?? 0;
    if (count >= perAddress) return void socket.destroy();
    open.set(holder, count + 1);
    socket.once("close", () => {
      const left = (open.get(holder) ?? 1) - 1;
      if (left === 0) open.delete(holder);
      else open.set(holder, left);
    });
  });
}

// BlockList sees through IPv4 addresses in IPv6 form.
const isLoopback = (address: string) => loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
