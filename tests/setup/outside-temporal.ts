import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

interface ProcessRecord {
  name: string;
  pid: number;
}

/**
 * The Temporal server at TEMPORAL_ADDRESS, with a namespace that nobody else uses, since it outlives whoever asks; null
 * where none is named. Processes get `env` besides their own. `npm run cluster -- <command>` says which process it is
 * (TEMPORAL_PROCESSES), so that it can be killed.
 */
export function outsideTemporal() {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_PROCESSES: file } = process.env;
  if (!address) return null;
  const namespace = `test-${randomUUID()}`;
  const records = () => (file ? (JSON.parse(readFileSync(file, "utf8")) as ProcessRecord[]) : []);
  return {
    address,
    namespace,
    env: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    /** Undefined between two lives of it. Throws where it is not known which process it is. */
    pid(): number | undefined {
      if (!file) throw new Error(`The Temporal server at ${address} cannot be killed: see npm run cluster.`);
      return records().find(({ name }) => name === "temporal")?.pid;
    },
    /** Of it and its database; none where they are not known. */
    pids: () => records().map(({ pid }) => pid),
  };
}
