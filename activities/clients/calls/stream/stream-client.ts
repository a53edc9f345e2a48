import { StreamClient } from "@stream-io/node-sdk";

export interface StreamAccount {
  apiKey: string;
  apiSecret: string;
  /** Another host for the whole of Stream's API. */
  baseUrl?: string | undefined;
}

/** Stream's own client, as whoever asks Stream something uses it. */
export const createStreamClient = (
  { apiKey, apiSecret, baseUrl }: StreamAccount,
  { requestMs = 10_000 }: { requestMs?: number } = {},
) =>
  new StreamClient(apiKey, apiSecret, {
    timeout: requestMs,
    ...(baseUrl === undefined ? {} : { basePath: baseUrl.replace(/\/+$/, "") }),
  });
