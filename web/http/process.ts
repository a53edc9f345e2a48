import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebEnv } from "../env.ts";

/** Starts listening; gives the address that reaches it on this machine. */
export async function listen(server: Server, { PORT, HOST }: Pick<WebEnv, "PORT" | "HOST">): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: PORT, ...(HOST === undefined ? {} : { host: HOST }) }, resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Stops once on Ctrl-C, SIGTERM or the end of the process that started this one, then exits 0. The function it gives
 * does the same with an exit code of the caller's.
 */
export function endWithParent(stop: () => Promise<void>): (exitCode: number) => void {
  let isStopping = false;
  const end = (exitCode: number) => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  // Not `once`: a library that minds signals would take a handler that has gone for nobody's and kill the process.
  process.on("SIGTERM", () => end(0));
  process.on("SIGINT", () => end(0));
  // With an IPC channel, "disconnect" is the parent's death, however sudden.
  process.once("disconnect", () => end(0));
  return end;
}
