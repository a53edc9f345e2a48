import { spawn } from "node:child_process";
import { ToolMissing } from "./tool.ts";
import type { YtdlpTool } from "./tool.ts";

interface Options {
  /** Longest time in which it says nothing. */
  silentMs: number;
  signal: AbortSignal;
  /** Each line that it prints. */
  onLine: (line: string) => void;
}

const mostErrors = 16_384;
/** It prints what it is asked to; a line of this length is none of that. A long video's chapters are some 60 kB at most. */
const longestLine = 262_144;

/**
 * Runs yt-dlp to its end, in a group of processes of its own, so that what it starts itself (a JavaScript engine) ends
 * with it. Gives what it said on stderr; rejects with the signal's reason when aborted. If this process is killed, its
 * next line finds nobody who reads, which ends it.
 */
export async function runYtdlp(
  tool: YtdlpTool,
  args: readonly string[],
  { silentMs, signal, onLine }: Options,
): Promise<{ code: number | null; errors: string; isSilent: boolean }> {
  signal.throwIfAborted();
  const child = spawn(tool.program, [...tool.args, ...args], {
    env: tool.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let isSilent = false;
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };
  const silence = setTimeout(() => {
    isSilent = true;
    kill();
  }, silentMs);
  let errors = "";
  let line = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    silence.refresh();
    errors = (errors + text).slice(-mostErrors);
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    silence.refresh();
    const lines = (line + text).split(/\r?\n|\r/);
    line = (lines.pop() ?? "").slice(-longestLine);
    for (const each of lines) onLine(each);
  });
  signal.addEventListener("abort", kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", (error) => reject(new ToolMissing(error.message, { cause: error })));
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (line !== "") onLine(line);
    return { code, errors, isSilent };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", kill);
  }
}
