import { parentPort, workerData } from "node:worker_threads";
import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import { linkEvidence } from "#domain/evidence.ts";
import type { ThreadReport } from "../../run-in-thread.ts";
import { extract } from "./extract.ts";

const request = workerData as AnalysisRequest;
const tell = (report: ThreadReport<AnalysisResult>) => parentPort?.postMessage(report, []);

const draft = extract(request, (fraction) => tell({ type: "progress", fraction }));
tell({ type: "result", result: linkEvidence(draft, request.segments, "verbatim") });
