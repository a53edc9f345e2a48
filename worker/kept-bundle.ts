import { createHash, randomUUID } from "node:crypto";
import { glob, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface KeptBundle {
  /** Bundles the workflows. */
  make: () => Promise<string>;
  /** The program's folder; what is kept stands in `node_modules/.cache/workflows` of it. */
  root?: string;
  /** Tells bundles of the same sources apart that are made differently. */
  variant?: string;
}

/**
 * The workflows' code as one script: the one that is kept where the sources are as they were, else made anew, which
 * takes seconds of every start. It stands beside the sources, so that whoever could exchange it could change them too.
 */
export async function keptBundle({ make, root = join(import.meta.dirname, ".."), variant = "" }: KeptBundle) {
  const folder = join(root, "node_modules", ".cache", "workflows");
  const key = await hashSources(root, variant);
  const kept = await readFile(join(folder, `${key}.js`), "utf8").catch(() => null);
  if (kept !== null) return kept;
  const code = await make();
  // Sources that were changed meanwhile are not those that the name would stand for.
  if ((await hashSources(root, variant)) === key) await keep(folder, key, code).catch(() => undefined);
  return code;
}

/** Where the folder cannot be written, as in a container, each start bundles for itself. */
async function keep(folder: string, key: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${key}.${randomUUID()}`);
  await writeFile(draft, code, { flush: true });
  await rename(draft, join(folder, `${key}.js`));
  await removeOld(folder);
}

const mostKept = 4;
/** In ms: a draft that was begun before is of a start that was killed. */
const draftsLast = 3_600_000;

/** Drafts of starts at the same time are theirs: counted as bundles they would push out what was just kept. */
async function removeOld(folder: string): Promise<void> {
  const names = await readdir(folder);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, changedAt: (await stat(join(folder, name))).mtimeMs })),
  );
  const bundles = dated.filter(({ name }) => name.endsWith(".js")).toSorted((a, b) => b.changedAt - a.changedAt);
  const drafts = dated.filter(({ name, changedAt }) => !name.endsWith(".js") && changedAt < Date.now() - draftsLast);
  const old = [...bundles.slice(mostKept), ...drafts];
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}

/** What a bundle is made of and by: workflows import nothing else of ours, and npm notes what is installed. */
const sources = [
  "{workflows,domain}/**/*.ts",
  "worker/bundle-workflows.ts",
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
];

async function hashSources(root: string, variant: string): Promise<string> {
  const paths: string[] = [];
  for await (const path of glob(sources, { cwd: root })) paths.push(path);
  const hash = createHash("sha256").update(`${root}\0${variant}\0`);
  for (const path of paths.toSorted()) {
    const content = await readFile(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
