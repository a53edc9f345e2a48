import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { projectFolder } from "./data-folder.ts";
import type { DataFolder, Secrets } from "./data-folder.ts";
import { freePort } from "./port-checks.ts";

/** Halves the work of loading the SDKs on every start but the first. Node files it by path, so it goes with the clone. */
export const compileCache = () => ({ NODE_COMPILE_CACHE: join(projectFolder, "node_modules", ".cache", "node") });

export type Parts = { databaseUrl: string; temporalAddress: string; temporalUiUrl: string | undefined };

/**
 * The variables of both processes and of each: what was given from outside goes through, what was not is filled in.
 * Health and metrics listen on loopback, on ports of their own.
 */
export async function processSettings({
  parts,
  folder,
  secrets,
  port,
  admin,
  isDev,
}: {
  parts: Parts;
  folder: DataFolder;
  secrets: Secrets;
  port: number;
  admin: { email: string; password: string } | undefined;
  isDev: boolean;
}) {
  const given = process.env;
  const both: NodeJS.ProcessEnv = {
    // Their many threads would each keep memory of their own; the C library allows eight such stores per processor.
    MALLOC_ARENA_MAX: "2",
    // What is freed goes back to the system where it was large. By itself the library raises its bound for that to 32 MB
    // as large blocks come and go: after light use both held 131 MB that nothing was in, with these 62; pages cost the same.
    MALLOC_MMAP_THRESHOLD_: "131072",
    MALLOC_TRIM_THRESHOLD_: "131072",
    ...given,
    DATABASE_URL: parts.databaseUrl,
    TEMPORAL_ADDRESS: parts.temporalAddress,
    TEMPORAL_NAMESPACE: given["TEMPORAL_NAMESPACE"] || "default",
    MEDIA_DIR: given["MEDIA_DIR"] || folder.media,
    CONVENE_CACHE: cacheFolder(),
    ...compileCache(),
    SEAL_KEYS: given["SEAL_KEYS"] || secrets.sealKeys,
    PUBLIC_URL: given["PUBLIC_URL"] || `http://localhost:${port}`,
    NODE_ENV: isDev ? "development" : "production",
  };
  const healthPort = await freePort();
  const web = {
    ...both,
    PORT: String(port),
    CONVENE_SECRET: given["CONVENE_SECRET"] || secrets.secret,
    METRICS_PORT: given["WEB_METRICS_PORT"] || String(await freePort()),
    ...(parts.temporalUiUrl ? { TEMPORAL_UI_URL: parts.temporalUiUrl } : {}),
    ...(admin ? { CONVENE_ADMIN_EMAIL: admin.email, CONVENE_ADMIN_PASSWORD: admin.password } : {}),
  };
  const worker = {
    ...both,
    METRICS_PORT: given["WORKER_METRICS_PORT"] || String(await freePort()),
    WORKER_HEALTH_PORT: String(healthPort),
  };
  return { web, worker, healthPort };
}
