import { spawn } from "node:child_process";
import { testSealKeys } from "#tests/setup/seal.ts";
import { freePort } from "./free-port.ts";

/** The web server as a process of its own, as it runs in earnest; `preload` is a module that runs before it. */
export async function webProcess(
  settings: Record<string, string>,
  { ipc = false, preload }: { ipc?: boolean; preload?: URL } = {},
) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [...(preload === undefined ? [] : ["--import", preload.href]), "web/server.ts"],
    {
      env: {
        PATH: process.env["PATH"],
        NODE_ENV: "test",
        PORT: String(port),
        HOST: "127.0.0.1",
        PUBLIC_URL: url,
        SEAL_KEYS: testSealKeys,
        ...settings,
      },
      stdio: ipc ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  // A test that fails half-way leaves nothing running.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { url, child, exit, output: () => output };
}

export const isUp = (url: string) =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
