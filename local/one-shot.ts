import { spawn, type SpawnOptions } from "node:child_process";
import { createInterface } from "node:readline";

/** Runs a Node program to its end, its lines going to `say`. Resolves to what it sent its parent. */
export async function runNode(
  args: string[],
  { env, cwd, say, signal }: { env: NodeJS.ProcessEnv; cwd: string; say: (line: string) => void; signal?: AbortSignal },
): Promise<unknown> {
  const child = spawn(process.execPath, args, { env, cwd, signal, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on("line", say);
  let sent: unknown;
  child.on("message", (message) => (sent = message));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(sent) : reject(new Error(`${args[0]} ended with code ${code}`)),
    );
  });
}

/** Runs a program to its end. Rejects with what it wrote where it does not succeed. */
export function runTool(command: string, args: string[], options: SpawnOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const output of [child.stdout, child.stderr])
      output?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed: ${said.trim()}`))));
  });
}
