import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRunActivities } from "#activities/runs.ts";
import { createLog } from "#records/log.ts";
import { openMediaStore } from "#records/media/open-media-store.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";

test("a run's end is one line of the log, once, with its ids, code and duration", async () => {
  await using db = await testDatabase();
  // A run that failed keeps its files.
  const media = await openMediaStore({ MEDIA_DIR: join(tmpdir(), "convene-nothing-here"), S3_REGION: "" });
  const { id } = await addRecording(db.prisma, await addPerson(db.prisma));
  const { id: runId } = await db.prisma.run.findFirstOrThrow({ where: { conversationId: id } });
  await db.prisma.run.update({ where: { id: runId }, data: { startedAt: new Date(Date.now() - 5_000) } });
  const lines: Record<string, unknown>[] = [];
  const keep = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = createLog({ name: "worker", level: "info" }, { write: keep });
  const { endRun } = createRunActivities({ prisma: db.prisma, media, log, isExecutionOpen: async () => false });
  const error = { code: "no_speech", message: "Nothing", stage: "transcription", attempt: 1 } as const;
  const ended = { runId, attempt: 1, ending: { type: "failed", error } } as const;
  await endRun(ended);
  await endRun(ended);
  expect(lines).toMatchObject([
    { msg: "run failed", runId, kind: "recording", conversationId: id, code: "no_speech", stage: "transcription" },
  ]);
  expect(lines[0]?.["seconds"]).toBeGreaterThanOrEqual(5);
});
