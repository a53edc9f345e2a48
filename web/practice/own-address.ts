import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";

/**
 * Where other processes reach this one, as it listens: by its setting, else at the address that it is bound to, else at
 * one of this machine that others know too.
 */
export function ownAddress(server: Server, setting: string | undefined): string {
  if (setting !== undefined) return new URL(setting).href.replace(/\/+$/, "");
  const { address, port } = server.address() as AddressInfo;
  const name = address === "::" || address === "0.0.0.0" ? machineAddress() : address;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** The first address that is not this machine's alone, IPv4 before IPv6; loopback where there is none. */
export function machineAddress(interfaces = networkInterfaces()): string {
  const outside = Object.values(interfaces)
    .flatMap((each) => each ?? [])
    // A link-local address says nothing without the name of its link.
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  const found = outside.find(({ family }) => family === "IPv4") ?? outside[0];
  return found?.address ?? "127.0.0.1";
}
