import { parentPort, workerData } from "node:worker_threads";
import type { ThreadReport } from "../../run-in-thread.ts";
import { readPlan } from "./embedded-read.ts";
import type { PlanReading, PlanRequest } from "./plan-reader.ts";

const tell = (report: ThreadReport<PlanReading>) => parentPort?.postMessage(report, []);

const result = readPlan(workerData as PlanRequest, (fraction) => tell({ type: "progress", fraction }));
tell({ type: "result", result });
