import { spawn, type ChildProcess } from "node:child_process";

// Waits for the end of its standard input, which comes when the process that holds the other end is gone, however it
// went. Then: the gentle signal, up to ten seconds of patience, and the whole group by force.
const SCRIPT = `
while read -r line; do :; done
kill -s "$1" "$2" 2>/dev/null
waited=0
while kill -0 "$2" 2>/dev/null && [ $waited -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
kill -s KILL -- "-$2" 2>/dev/null
`;

/**
 * A tiny shell beside a child process that ends the child when *we* are killed without a chance to do so ourselves.
 * Kill the guard once the child is dead. There is none on Windows.
 */
export function guardOrphan(pid: number, stopSignal: NodeJS.Signals): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "guard", stopSignal.replace(/^SIG/, ""), String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    // Ctrl-C must not reach it.
    detached: true,
  });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  return shell;
}
