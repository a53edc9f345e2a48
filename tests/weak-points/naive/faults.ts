import type { NaiveDatabase } from "#bench/naive/meetings/schema.ts";
import type { DatabaseFault } from "../system.ts";

const statements: Record<DatabaseFault, RegExp> = {
  "transcript read": /FROM transcript_chunks/,
  "transcript write": /INSERT INTO transcript_chunks/,
  "next meeting": /INSERT INTO meetings/,
  "next meeting's answer": /INSERT INTO meetings/,
};

/** Fails statements by what they are for, as a database whose connection breaks. */
export function createFaults() {
  const left = new Map<DatabaseFault, number>();
  const met = new Set<DatabaseFault>();
  const take = (text: string): DatabaseFault | undefined => {
    for (const [fault, times] of left) {
      if (times === 0 || !statements[fault].test(text)) continue;
      left.set(fault, times - 1);
      met.add(fault);
      return fault;
    }
  };
  return {
    failNext(fault: DatabaseFault, times: number): void {
      left.set(fault, times);
      met.delete(fault);
    },
    hasFailed: (fault: DatabaseFault) => met.has(fault),
    meddle: (db: NaiveDatabase): NaiveDatabase => ({
      async query(text, values) {
        const fault = take(text);
        if (fault === undefined) return db.query(text, values);
        if (fault === "next meeting's answer") await db.query(text, values);
        throw new Error("Connection terminated unexpectedly");
      },
    }),
  };
}
