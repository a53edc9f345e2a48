import { parentPort, workerData } from "node:worker_threads";
import { readPlan } from "./embedded-read.ts";
import type { PlanReading, PlanRequest } from "./plan-reader.ts";

/** What the thread tells its parent. */
export type PlanReport = { type: "progress"; fraction: number } | { type: "result"; reading: PlanReading };

const tell = (report: PlanReport) => parentPort?.postMessage(report, []);

const reading = readPlan(workerData as PlanRequest, (fraction) => tell({ type: "progress", fraction }));
tell({ type: "result", reading });
