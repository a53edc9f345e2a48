import { parentPort, workerData } from "node:worker_threads";
import type { ThreadReport } from "../run-in-thread.ts";
import { makeReading } from "./make-reading.ts";
import type { FeedReading, FeedRequest } from "./read-feed.ts";

const result = makeReading(workerData as FeedRequest);
parentPort?.postMessage({ type: "result", result } satisfies ThreadReport<FeedReading>, []);
