import { setTimeout as sleep } from "node:timers/promises";
import { Connection, type ConnectionOptions, isGrpcServiceError } from "@temporalio/client";

const RETENTION_DAYS = 7;
/** What operators filter runs by. Keyword in all three. */
export const SEARCH_ATTRIBUTES = ["ConveneKind", "ConveneOwner", "ConveneStage"];
const KEYWORD = 2;
const NOT_FOUND = 5;
const DEADLINE_MS = 30_000;

/**
 * Readies a namespace, and makes it where it is not: closed histories are kept for seven days (a repeated start of a finished run is refused only
 * as long as its history is there) and the search attributes exist. A cluster that refuses either is used as it is.
 */
export async function prepareNamespace({
  namespace,
  warn,
  ...connectionOptions
}: ConnectionOptions & { namespace: string; warn: (line: string) => void }): Promise<void> {
  const connection = await connect(connectionOptions);
  try {
    await keepHistories(connection, namespace).catch((error: Error) =>
      warn(`namespace ${namespace} keeps its own retention: ${error.message}`),
    );
    await untilKnown(() => registerSearchAttributes(connection, namespace)).catch((error: Error) =>
      warn(`search attributes were not registered: ${error.message}`),
    );
  } finally {
    await connection.close();
  }
}

async function connect(options: ConnectionOptions) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await Connection.connect({ ...options, connectTimeout: 3_000 });
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`No Temporal server answers at ${options.address}`, { cause: error });
    }
  }
}

async function keepHistories({ workflowService }: Connection, namespace: string) {
  const retention = { seconds: (RETENTION_DAYS * 86_400) as never };
  const found = await workflowService.describeNamespace({ namespace }).catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  if (found === null) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
    return;
  }
  const days = Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
  if (days >= RETENTION_DAYS) return;
  await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
}

/** A cluster of several processes hears of a new namespace some seconds later. */
async function untilKnown(act: () => Promise<void>) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isNotFound(error) || Date.now() > deadline) throw error;
      await sleep(1_000);
    }
  }
}

function isNotFound(error: unknown): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return code === NOT_FOUND;
}

async function registerSearchAttributes({ operatorService }: Connection, namespace: string) {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
  });
}
