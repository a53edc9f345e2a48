import { parentPort, workerData } from "node:worker_threads";
import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import { linkEvidence } from "#domain/evidence.ts";
import { extract } from "./extract.ts";

/** What the thread tells its parent. */
export type EmbeddedReport = { type: "progress"; fraction: number } | { type: "result"; result: AnalysisResult };

const request = workerData as AnalysisRequest;
const tell = (report: EmbeddedReport) => parentPort?.postMessage(report, []);

const draft = extract(request, (fraction) => tell({ type: "progress", fraction }));
tell({ type: "result", result: linkEvidence(draft, request.segments, "verbatim") });
