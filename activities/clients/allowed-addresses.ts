import dns from "node:dns/promises";
import { isIP } from "node:net";
import { createAddressRule } from "./address-rule.ts";

export interface AddressDeps {
  /** CIDRs that an operator opens besides the open internet. */
  allow: readonly string[];
  /** All addresses of a name. */
  resolve?: (host: string) => Promise<readonly string[]>;
}

/** The addresses of a host that may be connected to; else why there are none. */
export type AllowedAddresses = (
  host: string,
  options?: { isOperators?: boolean },
) => Promise<{ addresses: readonly string[] } | { refused: "unreachable" | "refused"; cause?: unknown }>;

/** A name is refused if any of its addresses is not global; whoever connects goes to these addresses, and asks no more. */
export function createAllowedAddresses({ allow, resolve = resolveBySystem }: AddressDeps): AllowedAddresses {
  const mayConnect = createAddressRule(allow);
  return async (name, { isOperators = false } = {}) => {
    const host = name.replace(/^\[|\]$/g, "");
    try {
      const addresses = isIP(host) ? [host] : await resolve(host);
      const isAllowed = addresses.length > 0 && (isOperators || addresses.every(mayConnect));
      return isAllowed ? { addresses } : { refused: "refused" };
    } catch (cause) {
      return { refused: "unreachable", cause };
    }
  };
}

async function resolveBySystem(host: string) {
  return (await dns.lookup(host, { all: true })).map(({ address }) => address);
}
