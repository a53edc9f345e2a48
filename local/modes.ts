import { chmodSync, existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FILE = 0o600;
const FOLDER = 0o700;

/**
 * The mode of a folder that Postgres' account has to pass through on its way to the cluster, where that is not the
 * account of all else: it can be entered, but not listed.
 */
export const passageMode = () => (process.getuid?.() === 0 ? 0o711 : FOLDER);

/**
 * Shuts a data folder to every other account, with everything that earlier releases or other hands left open in it.
 * Gives the paths that stay as they are because they belong to somebody else.
 */
export function closeDataFolder(folder: string): string[] {
  if (process.platform === "win32") return [];
  const refused: string[] = [];
  const set = (path: string, mode: number) => {
    // Only where it differs: a change of mode marks a file as changed for whoever makes increments of it.
    if ((lstatSync(path).mode & 0o777) === mode) return;
    try {
      chmodSync(path, mode);
    } catch {
      refused.push(path);
    }
  };
  const closeAll = (folder: string, mode: number, closeEntry: (path: string, isFolder: boolean) => void) => {
    set(folder, mode);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      // What a link leads to lies elsewhere, and is not ours to change.
      if (!entry.isSymbolicLink()) closeEntry(join(folder, entry.name), entry.isDirectory());
    }
  };
  const closeWhole = (path: string, isFolder: boolean): void => {
    if (!isFolder) set(path, FILE);
    // A data folder in this one, such as the demo's.
    else if (existsSync(join(path, "secrets.json"))) closeData(path);
    else closeAll(path, FOLDER, closeWhole);
  };
  // The cluster is Postgres' own: it keeps that shut itself, and refuses to start where it is not.
  const closePostgres = (path: string, isFolder: boolean) => void (isFolder || set(path, FILE));
  const closeData = (folder: string) =>
    closeAll(folder, passageMode(), (path, isFolder) =>
      isFolder && path === join(folder, "postgres")
        ? closeAll(path, passageMode(), closePostgres)
        : closeWhole(path, isFolder),
    );
  closeData(folder);
  return refused;
}
