import { Counter, Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";

export type ConnectionKind = "socket.io" | "meeting" | "poll";
export type LiveMetrics = ReturnType<typeof createLiveMetrics>;

export function createLiveMetrics(registry: Registry) {
  const registers = [registry];
  const connections = new Gauge({
    name: "convene_live_connections",
    help: "Live connections open now",
    labelNames: ["kind"],
    registers,
  });
  const refused = new Counter({
    name: "convene_live_refused_total",
    help: "Live connections refused, by reason",
    labelNames: ["kind", "reason"],
    registers,
  });
  const delivered = new Counter({
    name: "convene_live_events_delivered_total",
    help: "Events handed to live connections",
    labelNames: ["kind"],
    registers,
  });
  const cut = new Counter({
    name: "convene_live_cut_total",
    help: "Live connections cut because they read too slowly or were silent",
    labelNames: ["kind", "reason"],
    registers,
  });
  const lag = new Histogram({
    name: "convene_live_lag_seconds",
    help: "From an event's row being written to its being sent",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });

  return {
    opened: (kind: ConnectionKind) => connections.inc({ kind }),
    closed: (kind: ConnectionKind) => connections.dec({ kind }),
    refused: (kind: ConnectionKind, reason: string) => refused.inc({ kind, reason }),
    delivered: (kind: ConnectionKind, number: number) => delivered.inc({ kind }, number),
    cut: (kind: ConnectionKind, reason: "slow" | "silent") => cut.inc({ kind, reason }),
    /** `at` is the event's own time. */
    sent: (at: string) => lag.observe(Math.max(0, Date.now() - Date.parse(at)) / 1000),
  };
}
