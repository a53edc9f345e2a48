import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "#local/wait-until.ts";
import { cookieOf } from "./server.ts";
import { isUp, webProcess } from "./web-process.ts";

export type HostileWeb = Awaited<ReturnType<typeof hostileWeb>>;

/** A web process of its own to be treated badly, with rates so wide that it has to bear all of it. */
export async function hostileWeb(
  db: { url: string },
  { settings = {}, preload }: { settings?: Record<string, string>; preload?: URL } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "convene-hostile-"));
  const wide = [
    "API_RATE_PER_MINUTE",
    "PAGE_RATE_PER_MINUTE",
    "UPLOAD_RATE_PER_HOUR",
    "SIGN_IN_BURST",
    "SIGN_UP_PER_HOUR",
  ];
  const web = await webProcess(
    {
      DATABASE_URL: db.url,
      MEDIA_DIR: folder,
      CONVENE_SECRET: randomBytes(32).toString("hex"),
      ...Object.fromEntries(wide.map((name) => [name, "1000000"])),
      ...settings,
    },
    preload === undefined ? {} : { preload },
  );
  await waitUntil("the web process", () => isUp(web.url));
  return {
    ...web,
    host: new URL(web.url).host,
    health: async () => (await fetch(`${web.url}/healthz`)).json() as Promise<unknown>,
    async stop() {
      web.child.kill("SIGTERM");
      await web.exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an account and gives what its browser would send. */
export async function signUpAt(url: string, email = `${randomUUID()}@example.com`) {
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password: "correct horse battery", name: "Test" }),
  });
  if (!answer.ok) throw new Error(`Sign-up failed: ${answer.status} ${await answer.text()}`);
  return { cookie: cookieOf(answer), origin: url };
}
