import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#local/port-checks.ts";

const root = join(import.meta.dirname, "../..");

/** All of Convene as `npm start` brings it up, on data of its own. `admin` is its first account. */
export async function startConvene({ env = {} }: { env?: Record<string, string> } = {}) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "convene-e2e-"));
  await chmod(folder, 0o755);
  const admin = { email: "ada@example.com", password: "correct horse battery" };
  const child = spawn(process.execPath, [join(root, "local/main.js")], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      CONVENE_DATA: folder,
      CONVENE_ADMIN_EMAIL: admin.email,
      CONVENE_ADMIN_PASSWORD: admin.password,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (/^ready: /m.test(said)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", (code) => reject(new Error(`Convene ended with ${code} before it was ready:\n${said}`)));
  });
  await ready;
  return {
    url: `http://localhost:${port}`,
    admin,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
