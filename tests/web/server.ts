import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#tests/web/free-port.ts";
import { parseWebEnv } from "#web/env.ts";
import { startServer } from "#web/server.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { accountMaker } from "./account.ts";

export type TestWeb = Awaited<ReturnType<typeof startWeb>>;
export type TestPerson = Awaited<ReturnType<TestWeb["signUp"]>>;

/** Settings that a test may change, by the names of the environment variables. */
type Settings = Record<string, string>;

/**
 * The real web server on a free port, without pages: `await using web = await startWeb(db)`. Rates are so wide that
 * tests do not meet them; give a `mediaDir` to let a second server go on with the first one's files.
 */
export async function startWeb(
  db: { url: string },
  { settings = {}, mediaDir }: { settings?: Settings; mediaDir?: string } = {},
) {
  const folder = mediaDir ?? (await mkdtemp(join(tmpdir(), "convene-web-")));
  const port = await freePort();
  const env = parseWebEnv({
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: db.url,
    CONVENE_SECRET: randomBytes(32).toString("hex"),
    SEAL_KEYS: testSealKeys,
    MEDIA_DIR: folder,
    LOG_LEVEL: "silent",
    API_RATE_PER_MINUTE: "100000",
    PAGE_RATE_PER_MINUTE: "100000",
    UPLOAD_RATE_PER_HOUR: "100000",
    SIGN_IN_BURST: "1000",
    SIGN_UP_PER_HOUR: "1000",
    TEMPORAL_ADDRESS: "127.0.0.1:9",
    ...settings,
  });
  const server = await startServer(env);
  const { url } = server;

  const makeAccount = accountMaker(server.deps);

  /** Makes a new account that is signed in; the first one of a database becomes administrator. */
  const signUp = async (email = `${randomUUID()}@example.com`, password = "correct horse battery") => {
    const { userId, cookie } = await makeAccount({ email, password });
    const headers = { cookie, origin: url };
    const json = async <T>(
      path: string,
      { method = "GET", body }: { method?: string; body?: unknown } = {},
    ): Promise<T> => {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { ...headers, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      const text = await answer.text();
      return JSON.parse(text || "null") as T;
    };
    const { items } = await json<{ items: { id: string; personal: boolean }[] }>("/api/workspaces");
    const workspaceId = items.find(({ personal }) => personal)?.id ?? "";
    return {
      email,
      password,
      userId,
      workspaceId,
      cookie,
      headers,
      json,
      /** A live token, good for five minutes. */
      token: (await json<{ token: string }>("/api/auth/token")).token,
      /** Makes an API key. */
      async apiKey() {
        return (await json<{ key: string }>("/api/keys", { method: "POST", body: { name: "test" } })).key;
      },
    };
  };

  return {
    url,
    env,
    deps: server.deps,
    mediaDir: folder,
    signUp,
    stop: server.stop,
    async [Symbol.asyncDispose]() {
      await server.stop();
      if (mediaDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The cookies that an answer sets, as a browser would send them back. */
export const cookieOf = (response: Pick<Response, "headers">) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .join("; ");
