import { ensureWebBuild } from "#local/web-build.ts";

/** Once for all files: each starts a Convene that would build the pages, and two may start at the same time. */
export default () => ensureWebBuild({ say: () => {} });
