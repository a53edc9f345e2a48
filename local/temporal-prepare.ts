import { readSettings } from "#records/settings.ts";
import { workerEnvSchema } from "#worker/env.ts";
import { temporalOptions } from "#worker/temporal-options.ts";
import { prepareNamespace } from "./temporal-namespace.ts";

const schema = workerEnvSchema.pick({
  TEMPORAL_ADDRESS: true,
  TEMPORAL_NAMESPACE: true,
  TEMPORAL_API_KEY: true,
  TEMPORAL_TLS_CERT: true,
  TEMPORAL_TLS_KEY: true,
  TEMPORAL_TLS_CA: true,
  TEMPORAL_TLS_SERVER_NAME: true,
});

/** The worker's settings of Temporal, and no others: where there is no database yet, its namespace can be made. */
export function temporalOf(variables: NodeJS.ProcessEnv) {
  const settings = readSettings(schema, variables, "temporal:prepare");
  return { ...temporalOptions(settings), namespace: settings.TEMPORAL_NAMESPACE };
}

// `npm run temporal:prepare`, for a server that one runs oneself: the namespace, its retention, the search attributes.
if (import.meta.main) {
  try {
    const temporal = temporalOf(process.env);
    await prepareNamespace({ ...temporal, warn: (line) => console.log(line) });
    console.log(`namespace ${temporal.namespace} at ${temporal.address} is ready`);
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
