import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectFolder } from "./data-folder.ts";
import { runNode } from "./one-shot.ts";

const SOURCES = [
  "web/**/*",
  "domain/**/*.ts",
  "records/**/*.ts",
  "workflows/messages.ts",
  "prisma/schema.prisma",
  "vite.config.ts",
  "react-router.config.ts",
  "package-lock.json",
];
const stamp = join(projectFolder, "build", "sources.sha256");

/** Builds the web app where there is no build of the sources as they are. */
export async function ensureWebBuild({ say, signal }: { say: (line: string) => void; signal?: AbortSignal }) {
  const hash = await hashSources();
  const built = existsSync(stamp) ? await readFile(stamp, "utf8") : "";
  if (built === hash) return;
  say(built ? "the sources have changed: building the web app" : "building the web app (once)");
  const program = createRequire(import.meta.url)
    .resolve("@react-router/dev/package.json")
    .replace("package.json", "bin.cjs");
  const lines: string[] = [];
  const env = { ...process.env, NODE_ENV: "production" };
  await runNode([program, "build"], { env, cwd: projectFolder, say: (line) => lines.push(line), signal }).catch(
    (error) => {
      for (const line of lines) say(line);
      throw error;
    },
  );
  await writeFile(stamp, hash);
}

async function hashSources() {
  const paths: string[] = [];
  for (const pattern of SOURCES) {
    for await (const entry of glob(pattern, { cwd: projectFolder, withFileTypes: true })) {
      if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
    }
  }
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) hash.update(path.slice(projectFolder.length)).update(await readFile(path));
  return hash.digest("hex");
}
