import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A network between client and server that can be cut, and that can swallow everything without a word. */
export async function relay(port: number) {
  const pairs = new Set<[Socket, Socket]>();
  let isDown = false;
  const server = createServer((near) => {
    if (isDown) return void near.destroy();
    const far = connect(port, "127.0.0.1");
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [one, other] of [pair, pair.toReversed() as [Socket, Socket]]) {
      one.on("error", () => undefined);
      one.on("close", () => {
        other.destroy();
        pairs.delete(pair);
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));

  return {
    port: (server.address() as AddressInfo).port,
    cut,
    /** Refuses connections until told otherwise. */
    down(value: boolean) {
      isDown = value;
      if (value) cut();
    },
    /** From now on nothing passes on the open connections, and nobody is told. */
    swallow() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
