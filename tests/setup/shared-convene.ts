import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { startConvene } from "#tests/e2e/convene.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the address of a running Convene, which it starts when it is asked for the first time. */
    sharedConveneUrl: string;
  }
}

/** Its sources are stand-ins on this machine, and all its people come from one address. */
const env = { FETCH_ALLOW: "127.0.0.0/8", PAGE_RATE_PER_MINUTE: "100000" };

/** One Convene for all files that need no setting of their own: those that run without them wait for none. */
export default async function setup(project: TestProject) {
  let convene: ReturnType<typeof startConvene> | undefined;
  const door = createServer((_request, response) => {
    convene ??= startConvene({ env });
    convene.then(
      ({ url }) => response.end(url),
      (error: unknown) => {
        // Whoever asks next has a try of their own.
        convene = undefined;
        response.writeHead(500).end(String(error));
      },
    );
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  project.provide("sharedConveneUrl", `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    await (await convene)?.[Symbol.asyncDispose]();
  };
}
