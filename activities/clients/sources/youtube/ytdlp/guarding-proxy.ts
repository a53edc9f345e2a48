import { randomBytes } from "node:crypto";
import { createServer, request as requestOf } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, isIP } from "node:net";
import type { AddressInfo, LookupFunction, Socket } from "node:net";
import type { AllowedAddresses } from "../../../allowed-addresses.ts";

interface Deps {
  allowedAddresses: AllowedAddresses;
  /** An address that an operator set: what lies on its origin is not guarded. */
  operatorUrl: string | undefined;
  /** Most bytes that are let in, and what is done beyond. */
  mostBytes: number;
  onTooMuch: () => void;
}

/** Not the words of a server: they are read in what the program says of its failure. */
export const refused = "Refused by Convene";

/**
 * A proxy on loopback for one program that fetches what others name: it connects to where our own client would, and
 * nobody else may use it, since only that program knows its password.
 */
export async function startGuardingProxy({ allowedAddresses, operatorUrl, mostBytes, onTooMuch }: Deps) {
  const password = randomBytes(16).toString("hex");
  const wanted = `Basic ${Buffer.from(`convene:${password}`).toString("base64")}`;
  const sockets = new Set<Socket>();
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) onTooMuch();
  };

  async function lookupOf(host: string, port: number): Promise<LookupFunction | null> {
    const operators = operatorUrl === undefined ? null : new URL(operatorUrl);
    const isOperators = operators?.hostname === host && portOf(operators) === port;
    const found = await allowedAddresses(host, { isOperators });
    if (!("addresses" in found)) return null;
    const pinned = found.addresses.map((address) => ({ address, family: isIP(address) }));
    return (_host, { all }, done) =>
      all ? done(null, pinned) : done(null, pinned[0]?.address ?? "", pinned[0]?.family);
  }

  /** `http://` addresses, which are asked for whole. */
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? "");
    if (request.headers["proxy-authorization"] !== wanted) return void response.writeHead(407).end();
    const lookup = url?.protocol === "http:" ? await lookupOf(url.hostname, portOf(url)) : null;
    if (url === null || lookup === null) return void response.writeHead(403, refused).end();
    const { "proxy-authorization": _password, "proxy-connection": _kept, ...headers } = request.headers;
    const onward = requestOf(url, { method: request.method ?? "GET", headers, lookup, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("data", count).on("error", () => response.destroy());
      answer.pipe(response);
    });
    onward.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  /** `https://` addresses: what is said within is between the program and the server. */
  async function tunnel(request: IncomingMessage, client: Socket): Promise<void> {
    const refuse = (status: string) => void client.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    const url = URL.parse(`http://${request.url ?? ""}`);
    if (request.headers["proxy-authorization"] !== wanted) return refuse("407 Proxy Authentication Required");
    const port = url === null ? 0 : portOf(url);
    const lookup = url === null ? null : await lookupOf(url.hostname, port);
    if (url === null || lookup === null) return refuse(`403 ${refused}`);
    const server = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port, lookup });
    sockets.add(server);
    server.on("data", count).on("close", () => (sockets.delete(server), client.destroy()));
    server.on("error", () => (server.bytesRead > 0 ? client.destroy() : refuse("502 Bad Gateway")));
    server.on("connect", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(server).pipe(client);
    });
    client.on("close", () => server.destroy());
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  });
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    tunnel(request, client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://convene:${password}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === "https:" ? 443 : 80);
