import { homedir } from "node:os";
import { join } from "node:path";

/** What is fetched or built once per user and survives the clone: the Temporal program, speech weights. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env) =>
  env["CONVENE_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "convene");
