import { AsyncLocalStorage } from "node:async_hooks";

/** The id of the request in whose course code runs, for log lines that are written far from the request. */
export const currentRequest = new AsyncLocalStorage<string>();
