import { isIP } from "node:net";
import { createAddressRule } from "#activities/clients/address-rule.ts";

const isGlobal = createAddressRule([]);
/** Endings of names that are known on one machine or in one network only (RFC 6761, RFC 6762, RFC 8375). */
const localEndings = ["localhost", "local", "internal", "home.arpa", "lan", "test", "invalid", "example"];

/** Why somebody outside cannot deliver to an address, as far as its words tell; null: it looks reachable. */
export function unreachableBecause(publicUrl: string): string | null {
  const { protocol, hostname } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) {
    if (!isGlobal(host)) return `${host} is an address of this machine or its network`;
  } else if (!host.includes(".") || localEndings.some((ending) => host.endsWith(`.${ending}`))) {
    return `${host} is a name of this machine or its network`;
  }
  return protocol === "https:" ? null : "it is not https, and browsers give no microphone to such a page";
}
