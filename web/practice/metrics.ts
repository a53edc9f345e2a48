import { Counter, Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { Rooms } from "./rooms.ts";

export function createPracticeMetrics(registry: Registry, rooms: Pick<Rooms, "count" | "people">) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  gauge("convene_practice_rooms", "Practice calls held by this process", rooms.count);
  gauge("convene_practice_people", "People in practice calls of this process", rooms.people);
  const refused = new Counter({
    name: "convene_practice_refused_total",
    help: "Connections to practice rooms refused, by status",
    labelNames: ["status"],
    registers,
  });
  const dropped = new Counter({
    name: "convene_practice_dropped_sound_total",
    help: "Pieces of sound dropped because the agent did not keep up",
    registers,
  });
  return {
    refused: (status: number) => refused.inc({ status: String(status) }),
    dropped: () => dropped.inc(),
  };
}
