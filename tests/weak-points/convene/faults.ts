import type { Pool, QueryConfig } from "pg";
import type { DatabaseFault } from "../system.ts";

const insertMeeting = /^INSERT INTO "public"\."meeting" /;
const statements: Record<DatabaseFault, RegExp> = {
  // The text is read for an analysis only; counting and looking for repeats do without.
  "transcript read": /^SELECT .*"transcript_segment"\."text".* FROM "public"\."transcript_segment"/s,
  "transcript write": /^INSERT INTO "public"\."transcript_segment" /,
  "next meeting": insertMeeting,
  "next meeting's answer": /^COMMIT/,
};

/** The statement that fails for certain, as the database makes it fail: with the end of its own connection. */
const fatal = "SELECT pg_terminate_backend(pg_backend_pid())";

type Query = (...args: unknown[]) => unknown;

/** Fails statements of this pool by what they are for. Give it the pool before anything has connected by it. */
export function createFaults(pool: Pool) {
  const left = new Map<DatabaseFault, number>();
  const unmet = new Set<DatabaseFault>();

  function take(sql: string, hasInserted: boolean): DatabaseFault | undefined {
    for (const [fault, times] of left) {
      if (times === 0 || !statements[fault].test(sql)) continue;
      if (fault === "next meeting's answer" && !hasInserted) continue;
      left.set(fault, times - 1);
      unmet.delete(fault);
      return fault;
    }
  }

  pool.on("connect", (client) => {
    const query = client.query.bind(client) as Query;
    let hasInserted = false;
    client.query = ((...args: unknown[]) => {
      const sql = textOf(args[0]);
      if (sql.startsWith("BEGIN")) hasInserted = false;
      if (insertMeeting.test(sql)) hasInserted = true;
      const fault = take(sql, hasInserted);
      if (fault === undefined) return query(...args);
      if (fault === "next meeting's answer") return (query(sql) as Promise<unknown>).then(() => query(fatal));
      const callback = args.at(-1);
      return typeof callback === "function" ? query(fatal, callback) : query(fatal);
    }) as typeof client.query;
  });
  return {
    failNext(fault: DatabaseFault, times: number): void {
      left.set(fault, times);
      unmet.add(fault);
    },
    /** Faults that no statement ran into: what was to be shown by them was not. */
    unmet: () => [...unmet],
  };
}

const textOf = (query: unknown): string => (typeof query === "string" ? query : ((query as QueryConfig).text ?? ""));
