import { z } from "zod";

const words =
  "must be an address without a path, such as https://meet.example.org: Convene has a host name (or a port) of its own, and does not work below a path of another site";

/** Where people's browsers find Convene. Pages, cookies and links begin at the root of it. */
export const publicUrl = z.url({ protocol: /^https?$/ }).refine((address) => {
  const url = URL.parse(address);
  return url === null || (url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "");
}, words);

export const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a host's name is this machine's own, so that nobody outside reaches it. */
export const isLoopbackName = (hostname: string): boolean => loopbackNames.includes(hostname);
