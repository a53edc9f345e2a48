import { createLiveClient } from "./live-client.ts";
import type { LiveClient } from "./live-client.ts";

let client: LiveClient | null = null;

/** The tab's one live connection. Only in a browser: on the server there is nothing to watch for. */
export function sharedLiveClient(): LiveClient {
  client ??= createLiveClient();
  return client;
}
