import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "#prisma/generated/client.ts";
import { sweepLimits } from "#records/limits.ts";
import type { WebDeps } from "../deps.ts";
import type { Finished } from "./finish.ts";

const EVERY_MS = 15 * 60_000;

/**
 * At start and now and then: finishes uploads that were cut between their last byte and their recording, and removes
 * what has expired, rows and bytes.
 */
export function startSweep({
  deps: { env, prisma, log },
  directory,
  finishIfWhole,
}: {
  deps: WebDeps;
  directory: string;
  finishIfWhole: (upload: Upload) => Promise<Finished | null>;
}) {
  const sweep = async () => {
    const now = new Date();
    const open = await prisma.upload.findMany({ where: { finishedAt: null, expiresAt: { gt: now } } });
    for (const upload of open) await finishIfWhole(upload);
    await prisma.upload.deleteMany({ where: { expiresAt: { lte: now } } });
    await removeOld(directory, env.UPLOAD_EXPIRY_HOURS * 3_600_000);
    await removeOld(join(env.MEDIA_DIR, "incoming"), env.UPLOAD_EXPIRY_HOURS * 3_600_000);
    await sweepLimits(prisma);
  };
  const attempt = () => sweep().catch((error: unknown) => log.warn({ err: error }, "could not tidy up uploads"));
  let running = attempt();
  const timer = setInterval(() => {
    running = attempt();
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

async function removeOld(directory: string, lifetimeMs: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const path = join(directory, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - modified > lifetimeMs) await rm(path, { force: true });
  }
}
