import { expect, test } from "vitest";
import { createLog } from "#records/log.ts";
import { readable } from "#local/log.ts";

/** What `npm start` shows of what a process logs. */
function shown(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  write(createLog({ name: "worker", level: "debug" }, { write: (line) => void lines.push(readable(line.trimEnd())) }));
  return lines;
}

test("C-68 a line names the ids it is about, so that a run is found by its id", () => {
  const fields = { runId: "01a2", kind: "recording", seconds: 4.2, code: null, reason: "two words" };
  expect(shown((log) => log.info(fields, "run completed"))).toEqual([
    'run completed runId=01a2 kind=recording seconds=4.2 reason="two words"',
  ]);
});

test("a warning says what kind of error it was, and an error where it came from", () => {
  const refused = Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" });
  const [warning, error] = shown((log) => {
    log.warn({ err: refused, meetingId: "m1" }, "provider could not be asked");
    log.error({ error: refused }, "Activity failed");
  });
  expect(warning).toBe("warning: provider could not be asked meetingId=m1 (TypeError ECONNREFUSED: fetch failed)");
  expect(error).toMatch(/^error: Activity failed \(TypeError: fetch failed\n {4}at /);
});

test("what is no line of ours stays as it is, and what is long is cut", () => {
  expect(readable("database system is ready")).toBe("database system is ready");
  expect(readable('{"level":30,"msg":')).toBe('{"level":30,"msg":');
  const [line] = shown((log) => log.info({ detail: "x".repeat(500) }, "long"));
  expect(line).toBe(`long detail=${"x".repeat(200)}…`);
});

test("a line of Temporal's server is its message and its error, without where in the server it was written", () => {
  const entry = { level: "fatal", ts: "2026-01-01T00:00:00Z", msg: "cannot start", error: "pq: no such table" };
  const line = JSON.stringify({ ...entry, "shard-id": 7, "logging-call-at": "/a/b.go:1", stacktrace: "a\n\tb" });
  expect(readable(line)).toBe("fatal: cannot start shard-id=7 (pq: no such table)");
});
