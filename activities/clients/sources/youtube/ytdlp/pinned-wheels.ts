import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A package of pure Python that is run from its wheel as it is, named by hash, whichever index it comes from. */
export interface Wheel {
  /** As pip takes it: `yt-dlp==2026.10.26`. */
  spec: string;
  /** The wheel's file name. */
  file: string;
  sha256: string;
}

/** `PYTHONPATH` with which Python imports from the wheels of a folder. */
export const pythonPath = (wheels: readonly Wheel[], folder: string): string =>
  wheels.map(({ file }) => join(folder, file)).join(delimiter);

/** Whether a folder has all of the wheels, each with its checksum. */
export async function areWhole(wheels: readonly Wheel[], folder: string): Promise<boolean> {
  const sums = await Promise.all(
    wheels.map(({ file }) =>
      readFile(join(folder, file)).then(
        (bytes) => createHash("sha256").update(bytes).digest("hex"),
        () => null,
      ),
    ),
  );
  return wheels.every(({ sha256 }, at) => sums[at] === sha256);
}

/**
 * Puts the wheels into a folder, all of them or none. By pip itself, so that whatever index and proxy this machine is
 * set up with is asked; throws with pip's last line.
 */
export async function fetchWheels(given: { python: string; wheels: readonly Wheel[]; folder: string }): Promise<void> {
  const { python, wheels, folder } = given;
  const fresh = `${folder}.${randomUUID()}.tmp`;
  try {
    await mkdir(fresh, { recursive: true });
    const list = join(fresh, "requirements.txt");
    await writeFile(list, wheels.map(({ spec, sha256 }) => `${spec} --hash=sha256:${sha256}\n`).join(""));
    const args = "-m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes";
    await run(python, [...args.split(" "), "--dest", fresh, "--requirement", list], { timeout: 120_000 });
    await rm(list);
    if (!(await areWhole(wheels, fresh))) throw new Error("a file does not have the expected checksum");
    await publish(wheels, fresh, folder);
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(stderr.trim().split("\n").at(-1) || (error as Error).message, { cause: error });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

// Another process may have been quicker: its folder is as good as ours.
async function publish(wheels: readonly Wheel[], fresh: string, folder: string): Promise<void> {
  if (await areWhole(wheels, folder)) return;
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder).catch(async (error: Error) => {
    if (!(await areWhole(wheels, folder))) throw error;
  });
}
