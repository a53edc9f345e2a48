import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createFetchMedia } from "#activities/clients/sources/fetch-media.ts";

// A process that fetches a file and may be killed meanwhile: `node fetch-process.ts <url> <path>`.
const [url = "", into = ""] = process.argv.slice(2);
const guardedFetch = createGuardedFetch({ allow: ["127.0.0.0/8"] });
const fetchMedia = createFetchMedia({ guardedFetch });
await fetchMedia({ url, into, mostBytes: 100_000_000, signal: new AbortController().signal, onProgress: () => {} });
