import { createServer } from "node:http";
import { collectDefaultMetrics } from "prom-client";
import type { Registry } from "prom-client";

interface Health {
  ports: (number | undefined)[];
  registry: Registry;
  /** Answers /readyz, each part in its own words; /healthz only says that the process lives. */
  readiness: () => Promise<Readiness>;
}

export type Readiness = { isReady: boolean; parts: Record<string, string> };

/** Loopback-only health and metrics. */
export function serveHealth({ ports, registry, readiness }: Health) {
  collectDefaultMetrics({ register: registry });
  const servers = [...new Set(ports.filter((port) => port !== undefined))].map((port) =>
    createServer((request, response) => {
      if (request.url === "/healthz") return response.end("ok\n");
      if (request.url === "/readyz") {
        void readiness().then(({ isReady, parts }) =>
          response
            .writeHead(isReady ? 200 : 503, { "content-type": "application/json" })
            .end(JSON.stringify({ status: isReady ? "ready" : "not ready", ...parts })),
        );
        return;
      }
      if (request.url !== "/metrics") return response.writeHead(404).end();
      registry.metrics().then(
        (text) => response.setHeader("content-type", registry.contentType).end(text),
        () => response.writeHead(500).end(),
      );
    }).listen(port, "127.0.0.1"),
  );
  return { close: () => servers.forEach((server) => server.close()) };
}
