import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

// All that is given out of IPv6. What lies beside it is embedded IPv4 (`::127.0.0.1`), local, or nobody's.
const givenOut = ipaddr.IPv6.parseCIDR("2000::/3");

/** Whether an address belongs to the open internet: not to this machine, its network, a tunnel or a test range. */
function isGlobal(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(givenOut);
}

/** Tells which addresses may be connected to: global ones, and those of the CIDRs that an operator opens. */
export function createAddressRule(allow: readonly string[]): (address: string) => boolean {
  const opened = new BlockList();
  for (const cidr of allow) {
    const [network = "", bits] = cidr.split("/");
    opened.addSubnet(network, Number(bits), familyOf(network));
  }
  return (address) => {
    // An address with a zone (`fe80::1%eth0`) is of a network at hand.
    if (isIP(address) === 0 || address.includes("%")) return false;
    return isGlobal(address) || opened.check(address, familyOf(address));
  };
}

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
