import { join } from "node:path";
import type { Upload } from "#prisma/generated/client.ts";
import { dropAwaited } from "#records/conversations/awaited-recordings.ts";
import { sweepLimits } from "#records/accounts/rate-limit.ts";
import type { WebDeps } from "../deps.ts";
import type { StoredUpload } from "./store-upload.ts";
import type { PartStore } from "./part-store.ts";
import { removeOld } from "./remove-old.ts";

const EVERY_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * At start and now and then: finishes uploads that were cut between their last byte and their recording, and removes
 * what has expired, rows and bytes. More often: ends the recordings under way whose sender has gone.
 */
export function startSweep({
  deps: { env, prisma, log },
  parts,
  finishIfWhole,
  endAbandoned,
}: {
  deps: WebDeps;
  parts: PartStore;
  finishIfWhole: (upload: Upload) => Promise<StoredUpload | null>;
  endAbandoned: () => Promise<void>;
}) {
  const remove = async (upload: Upload) => {
    if (upload.finishedAt === null) await parts.drop(upload);
    await prisma.upload.deleteMany({ where: { id: upload.id } });
  };
  // One that is broken does not keep the others.
  const warnOf =
    ({ id }: Upload) =>
    (error: unknown) =>
      log.warn({ err: error, uploadId: id }, "could not tidy up an upload");
  const sweep = async () => {
    const now = new Date();
    const open = await prisma.upload.findMany({ where: { finishedAt: null, expiresAt: { gt: now } } });
    for (const upload of open) await finishIfWhole(upload).catch(warnOf(upload));
    // One whose length is deferred is ended and not removed.
    const expired = await prisma.upload.findMany({ where: { expiresAt: { lte: now }, deferred: false } });
    for (const upload of expired) await remove(upload).catch(warnOf(upload));
    await parts.sweep();
    await removeOld(join(env.MEDIA_DIR, "incoming"), env.UPLOAD_EXPIRY_HOURS * 3_600_000);
    await dropAwaited(prisma, new Date(now.getTime() - env.UPLOAD_EXPIRY_HOURS * 3_600_000));
    await sweepLimits(prisma);
  };
  const warn = (error: unknown) => log.warn({ err: error }, "could not tidy up uploads");
  const jobs = [
    repeat(() => sweep().catch(warn), EVERY_MS),
    // A tenth of the time that it waits for, so that nobody waits much longer than that.
    repeat(() => endAbandoned().catch(warn), Math.min(LONGEST_WAIT_MS, env.UPLOAD_IDLE_SECONDS * 100)),
  ];
  return { stop: () => Promise.all(jobs.map(({ stop }) => stop())) };
}

/** Now, and each time `pauseMs` after it was done. */
function repeat(job: () => Promise<void>, pauseMs: number) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const run = async () => {
    await job();
    if (!isStopped) timer = setTimeout(start, pauseMs);
  };
  const start = () => {
    running = run();
  };
  let running = run();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
