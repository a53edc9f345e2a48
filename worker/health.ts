import { createServer } from "node:http";
import { collectDefaultMetrics, register } from "prom-client";

/** Loopback-only health and metrics. `isReady` answers /readyz; /healthz only says that the process lives. */
export function serveHealth({ ports, isReady }: { ports: (number | undefined)[]; isReady: () => boolean }) {
  collectDefaultMetrics();
  const servers = [...new Set(ports.filter((port) => port !== undefined))].map((port) =>
    createServer((request, response) => {
      if (request.url === "/healthz") return response.end("ok\n");
      if (request.url === "/readyz") return response.writeHead(isReady() ? 200 : 503).end();
      if (request.url !== "/metrics") return response.writeHead(404).end();
      return void register.metrics().then((text) => response.setHeader("content-type", register.contentType).end(text));
    }).listen(port, "127.0.0.1"),
  );
  return { close: () => servers.forEach((server) => server.close()) };
}
