import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { DatabaseError, Pool } from "pg";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

/**
 * Prisma's own schema engine, in its WebAssembly form: the native one is a download that not every machine can make.
 * What it writes (`_prisma_migrations`) is what the `prisma migrate` CLI reads. Its connections (and with them the
 * lock that it holds in the database) end with `use`.
 */
export async function withSchemaEngine<Result>(
  { url, schema }: { url: string; schema: string },
  use: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  await loadBindings();
  const pool = new Pool({ connectionString: url });
  pool.on("error", () => {});
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
  const engine = await bindings.SchemaEngine.new({ datamodels: [["schema.prisma", schema]] }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

/**
 * Sends a script as it is, as the native engine does: all of it or nothing. The adapter's own way is to cut it at every
 * semicolon, also at those within a function.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (error) {
        throw error instanceof DatabaseError ? asDriverError(error) : error;
      }
    };
    return adapter;
  }
}

// In the form in which the engine passes Postgres' own words on.
function asDriverError({ code, severity, message, detail, column, hint }: DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: "postgres",
    code: code ?? "",
    severity: severity ?? "ERROR",
    message,
    detail,
    column,
    hint,
  });
}

let loaded: Promise<void> | undefined;

function loadBindings() {
  loaded ??= (async () => {
    const path = createRequire(import.meta.url)
      .resolve("@prisma/schema-engine-wasm")
      .replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
    const { instance } = await WebAssembly.instantiate(await readFile(path), {
      "./schema_engine_bg.js": withoutWaiting(bindings),
    });
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports["__wbindgen_start"] as () => void)();
  })();
  return loaded;
}

// The engine's timers, such as that of its lock, outlive it and would hold the process for ten seconds.
function withoutWaiting(functions: object): WebAssembly.ModuleImports {
  const imports = { ...functions } as WebAssembly.ModuleImports;
  for (const name of Object.keys(imports).filter((each) => each.startsWith("__wbg_setTimeout_")))
    imports[name] = (action: () => void, ms: number) => setTimeout(action, ms).unref();
  return imports;
}
