import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Held {
  callback: string;
  secret: string;
  leaseSeconds: number;
}

export interface HubRequest {
  mode: string;
  topic: string;
  callback: string;
  secret: string;
}

/**
 * A hub on loopback by the W3C's recommendation: takes a request with 202, asks at the callback whether it is meant, and
 * signs what it pushes. `refuse`: answers 403; `silent`: takes it and never asks; `deny`: says no afterwards.
 */
export async function fakeHub() {
  const held = new Map<string, Held>();
  const requests: HubRequest[] = [];
  const state = { behaviour: "good" as "good" | "refuse" | "silent" | "deny", leaseSeconds: 1_000 };

  /** Asks a callback, and gives what it answered. */
  async function ask(callback: string, question: Record<string, string>) {
    const url = new URL(callback);
    for (const [name, value] of Object.entries(question)) url.searchParams.set(`hub.${name}`, value);
    const answer = await fetch(url);
    return { status: answer.status, body: await answer.text() };
  }

  async function verify({ mode, topic, callback, secret }: HubRequest) {
    if (state.behaviour === "silent") return;
    if (state.behaviour === "deny") return void (await ask(callback, { mode: "denied", topic, reason: "Not here" }));
    const challenge = randomBytes(16).toString("hex");
    const lease = String(state.leaseSeconds);
    const { status, body } = await ask(callback, { mode, topic, challenge, lease_seconds: lease });
    if (status < 200 || status > 299 || body !== challenge) return;
    if (mode === "unsubscribe") held.delete(topic);
    else held.set(topic, { callback, secret, leaseSeconds: state.leaseSeconds });
  }

  const server = createServer((request, response) => {
    void (async () => {
      const form = new URLSearchParams(await text(request));
      const field = (name: string) => form.get(`hub.${name}`) ?? "";
      const asked = {
        mode: field("mode"),
        topic: field("topic"),
        callback: field("callback"),
        secret: field("secret"),
      };
      requests.push(asked);
      const isRight = /^(un)?subscribe$/.test(asked.mode) && URL.canParse(asked.callback) && asked.topic !== "";
      if (!isRight || state.behaviour === "refuse") return void response.writeHead(isRight ? 403 : 400).end();
      response.writeHead(202).end();
      await verify(asked);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    state,
    held,
    requests,
    ask,
    /** Tells a subscriber that a topic changed; gives the status of its answer. */
    async push(topic: string, body: string, { method = "sha256", secret }: { method?: string; secret?: string } = {}) {
      const to = held.get(topic);
      if (to === undefined) throw new Error(`nobody subscribed to ${topic}`);
      const hex = createHmac(method, secret ?? to.secret)
        .update(body)
        .digest("hex");
      const headers = { "content-type": "application/rss+xml", "x-hub-signature": `${method}=${hex}` };
      return (await fetch(to.callback, { method: "POST", headers, body })).status;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
