import { createServer } from "node:http";
import type { RequestHandler } from "express";
import type { Pool } from "pg";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { measureQueries } from "#records/query-times.ts";

/** This server's metrics with those of its process and of its database pool, before that has connections. */
export function createMetrics(pool: Pool): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measureQueries(registry, pool);
  return registry;
}

/** Times every request by the route that served it; by pattern, since ids would make a series each. */
export function measureRequests(registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: "convene_http_request_seconds",
    help: "Seconds from a request's arrival to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
    registers: [registry],
  });
  return (request, response, next) => {
    const stop = seconds.startTimer();
    response.once("close", () => {
      const route = String(response.locals["route"] ?? (request.path.startsWith("/api/auth/") ? "/api/auth/*" : "*"));
      stop({ method: request.method, route, status: response.statusCode });
    });
    next();
  };
}

/** Serves `/metrics` to this machine only. */
export async function serveMetrics(registry: Registry, port: number) {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
