// Prisma: cannot reach, timed out, connection closed, pool exhausted, too many connections. Node and Postgres: the
// same said by the socket and by a server that shuts down or starts.
const codes = new Set(
  [
    "P1001 P1002 P1008 P1017 P2024 P2028 P2037",
    "ECONNREFUSED ECONNRESET EPIPE ENOTFOUND ETIMEDOUT",
    "57P01 57P02 57P03 53300 08000 08001 08003 08006",
  ].flatMap((line) => line.split(" ")),
);
const words =
  /Connection terminated|terminating connection|timeout exceeded when trying to connect|DatabaseNotReachable|ConnectionClosed|server has closed the connection|Client has encountered a connection error|ECONNREFUSED|shutting down|starting up|Cannot use a pool after/i;

/** Whether an error means that Postgres cannot be reached now, however deep the reason lies. */
export function isDatabaseDown(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 4) return false;
  if ("code" in error && typeof error.code === "string" && codes.has(error.code)) return true;
  if ("message" in error && typeof error.message === "string" && words.test(error.message)) return true;
  if ("cause" in error && isDatabaseDown(error.cause, depth + 1)) return true;
  return "meta" in error && isDatabaseDown(metaCause(error.meta), depth + 1);
}

const metaCause = (meta: unknown) =>
  typeof meta === "object" && meta !== null && "driverAdapterError" in meta ? meta.driverAdapterError : null;
