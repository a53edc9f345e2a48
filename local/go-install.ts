import { spawn } from "node:child_process";

/**
 * Builds Go programs of one module into `folder`, each named after the last part of its package's path. `say` hears of
 * the progress every ten seconds. Rejects with the last line that Go wrote.
 */
export function goInstall({
  packages,
  folder,
  say,
  signal,
}: {
  /** As `go install` takes them: `example.org/module/cmd/name@v1.2.3`. */
  packages: string[];
  folder: string;
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now();
    let steps = 0;
    let lastLine = "";
    const child = spawn("go", ["install", "-v", ...packages], {
      env: { ...process.env, GOBIN: folder },
      stdio: ["ignore", "ignore", "pipe"],
      signal,
    });
    child.stderr.on("data", (chunk: Buffer) => {
      const lines = chunk.toString().split("\n").filter(Boolean);
      steps += lines.length;
      lastLine = lines.at(-1) ?? lastLine;
    });
    const progress = setInterval(() => {
      say(`building: ${steps} steps, ${Math.round((Date.now() - startedAt) / 1000)} s`);
    }, 10_000);
    const end = (act: () => void) => {
      clearInterval(progress);
      act();
    };
    child.once("error", (error) => end(() => reject(error)));
    child.once("close", (code) => end(() => (code === 0 ? resolve() : reject(new Error(lastLine)))));
  });
}
