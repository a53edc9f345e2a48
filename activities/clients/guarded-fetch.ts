import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { Agent, fetch } from "undici";
import type { Headers, Response } from "undici";
import { createAllowedAddresses } from "./allowed-addresses.ts";
import type { AddressDeps } from "./allowed-addresses.ts";

/** Why nothing, or not all, was fetched. Asking again can help after the last three only. */
type GuardedFetchReason = "refused" | "redirected" | "too_large" | "timed_out" | "unreachable" | "broken";

export class GuardedFetchError extends Error {
  readonly reason: GuardedFetchReason;
  constructor(reason: GuardedFetchReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

interface Limits {
  /** Most bytes of the body, as it is after decompression. */
  mostBytes: number;
  /** For all of it: names, connections, redirects and the body's last byte. */
  deadlineMs: number;
  /** Redirects that are followed; each is checked like the first address. */
  redirects: number;
  signal?: AbortSignal;
  /** Sent with every request, also after redirects: conditions and the like, and secrets only where none is followed. */
  headers?: Record<string, string>;
  /** Posted, where there is one; redirects are for what is only asked. */
  body?: string;
  /** An address that an operator set: what lies on its origin is not guarded. */
  operatorUrl?: string | undefined;
}

interface GuardedResponse {
  /** The address that answered, after redirects. */
  url: string;
  status: number;
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
  [Symbol.asyncDispose](): Promise<void>;
}

export type GuardedFetch = (address: string, limits: Limits) => Promise<GuardedResponse>;

/**
 * The one client for addresses that come from outside. A name is resolved once and refused if any of its addresses is
 * not global; the connection then goes to those addresses, so that a second answer of the name server changes nothing.
 * Nothing of an answer (cookies) or an address (user and password) goes into the next request.
 */
export function createGuardedFetch(deps: AddressDeps): GuardedFetch {
  const allowedAddresses = createAllowedAddresses(deps);

  async function addressesOf(url: URL, operatorUrl: string | undefined) {
    const isOperators = operatorUrl !== undefined && url.origin === new URL(operatorUrl).origin;
    const found = await allowedAddresses(url.hostname, { isOperators });
    if ("addresses" in found) return found.addresses;
    // The addresses themselves stay unsaid: who gave the name may not be allowed to know them.
    const words = found.refused === "refused" ? "is not on the open internet" : "has no address";
    return fail(found.refused, `${url.hostname} ${words}`)(found.cause);
  }

  return async (
    address,
    { mostBytes, deadlineMs, redirects, signal, headers: asked = {}, body: posted, operatorUrl },
  ) => {
    signal?.throwIfAborted();
    const deadline = new AbortController();
    const late = () => deadline.abort(new GuardedFetchError("timed_out", `not done after ${deadlineMs} ms`));
    const timer = setTimeout(late, deadlineMs);
    const stop = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
    let url = parseUrl(address);
    let agent: Agent | undefined;
    const close = async () => {
      clearTimeout(timer);
      await agent?.destroy();
    };
    try {
      for (let left = redirects; ; left -= 1) {
        const lookup = pinTo(await orAbort(addressesOf(url, operatorUrl), stop));
        agent = new Agent({ allowH2: false, connect: { lookup, autoSelectFamily: true } });
        const response = await request(url, agent, { signal: stop, asked, posted });
        const location = redirectOf(response);
        if (location === null) {
          const { status, headers } = response;
          const body = capped(response, mostBytes, stop);
          return { url: url.href, status, headers, body, [Symbol.asyncDispose]: close };
        }
        await agent.destroy();
        if (left === 0) throw new GuardedFetchError("redirected", `more than ${redirects} redirects`);
        url = parseUrl(location, url);
      }
    } catch (error) {
      await close();
      throw error;
    }
  };
}

function parseUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base);
  if (url === null) throw new GuardedFetchError("refused", "not an address");
  if (!/^https?:$/.test(url.protocol)) throw new GuardedFetchError("refused", `${url.protocol} is not http or https`);
  if (url.username || url.password) throw new GuardedFetchError("refused", "the address has a user or a password");
  return url;
}

const pinTo =
  (addresses: readonly string[]): LookupFunction =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );

async function request(
  url: URL,
  agent: Agent,
  { signal, asked, posted }: { signal: AbortSignal; asked: Record<string, string>; posted: string | undefined },
): Promise<Response> {
  const headers = { ...asked, "user-agent": "Convene" };
  const post = posted === undefined ? {} : { method: "POST", body: posted };
  return await fetch(url, { dispatcher: agent, redirect: "manual", signal, headers, ...post }).catch((error: Error) => {
    signal.throwIfAborted();
    return fail("unreachable", `${url.host} could not be reached`)(error);
  });
}

function redirectOf({ status, headers }: Response): string | null {
  return [301, 302, 303, 307, 308].includes(status) ? headers.get("location") : null;
}

async function* capped({ body, headers }: Response, mostBytes: number, signal: AbortSignal) {
  const tooLarge = () => new GuardedFetchError("too_large", `more than ${mostBytes} bytes`);
  if (Number(headers.get("content-length")) > mostBytes) throw tooLarge();
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GuardedFetchError) throw error;
    fail("broken", "the answer broke off")(error);
  }
}

const fail =
  (reason: GuardedFetchReason, message: string) =>
  (cause: unknown): never => {
    throw new GuardedFetchError(reason, message, { cause });
  };

async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // It may have happened before anybody listened.
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
