// One process of the reference design's meetings, to be measured and killed. It reads DATABASE_URL, PORT (none: a free
// one), MODEL_URL (an OpenAI-compatible base URL) and PROVIDER_URL (Stream or its stand-in; without it agents hear
// nothing), with STREAM_API_KEY, STREAM_API_SECRET and OPENAI_API_KEY where those matter. It says `ready <url>`.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "pg";
import { createNaiveMeetings } from "./meetings.ts";
import { completeWithOpenAi, connectThroughStream, connectToNothing } from "./meetings/outside.ts";
import { createNaiveTables } from "./meetings/schema.ts";

const {
  DATABASE_URL: connectionString,
  PORT: port = "0",
  MODEL_URL: modelUrl,
  PROVIDER_URL: basePath,
  STREAM_API_KEY: apiKey = "key",
  STREAM_API_SECRET: secret = "secret",
  OPENAI_API_KEY: openAiKey = "sk-test",
} = process.env;
if (!connectionString || !modelUrl) {
  console.error("DATABASE_URL and MODEL_URL are needed");
  process.exit(2);
}

const pool = new Pool({ connectionString });
// A database that goes away must not end the process: the design has no word on it, and the pool reconnects.
pool.on("error", () => {});
await createNaiveTables(pool);
const { app } = createNaiveMeetings({
  pool,
  connectAgent: basePath ? connectThroughStream({ basePath, apiKey, secret, openAiKey }) : connectToNothing,
  complete: completeWithOpenAi({ baseUrl: modelUrl, apiKey: openAiKey }),
  log: (line, error) => console.error(line, error instanceof Error ? error.message : (error ?? "")),
});
const server = createServer(app);
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
