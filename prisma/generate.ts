import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

// `prisma generate` fetches a native schema engine that it does not need for generating. Pointing it at any
// existing file skips that, so an offline machine and a networked one do the same.
const prismaCli = createRequire(import.meta.url).resolve("prisma/build/index.js");
const { status } = spawnSync(process.execPath, [prismaCli, "generate", "--no-hints"], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: prismaCli, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
});
process.exit(status ?? 1);
