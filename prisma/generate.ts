import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// `prisma generate` fetches a native schema engine that it does not need for generating. Pointing it at any
// existing file skips that, so an offline machine and a networked one do the same.
const prismaCli = createRequire(import.meta.url).resolve("prisma/build/index.js");
const { status } = spawnSync(process.execPath, [prismaCli, "generate", "--no-hints"], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: prismaCli, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
});
if (status !== 0) process.exit(status ?? 1);

// The generated client imports its compiler of queries as a module that is one string of 4.6 MB. Node keeps a module for
// good: as text, as the string in it, and as what was compiled of it. Read as a file nothing of it stays but the compiler.
const generated = join(import.meta.dirname, "generated", "internal", "class.ts");
const asModule = /const \{ wasm \} = await import\("(.+?)"\)/;
const before = readFileSync(generated, "utf8");
const after = before.replace(
  asModule,
  `const { createRequire } = await import("node:module")
    const { readFile } = await import("node:fs/promises")
    const text = await readFile(createRequire(import.meta.url).resolve("$1"), "utf8")
    const wasm = text.slice(text.indexOf('"') + 1, text.lastIndexOf('"'))`,
);
if (after === before) throw new Error(`${generated} loads its compiler in another way than prisma/generate.ts expects`);
writeFileSync(generated, after);
