import type { IncomingHttpHeaders } from "node:http";
import { isLoopbackName, loopbackNames } from "#domain/public-url.ts";

/**
 * The origins that our own pages have. On the machine itself the names of loopback are one and the same server, and
 * people type any of them.
 */
export function ownOrigins(publicUrl: string): ReadonlySet<string> {
  const url = new URL(publicUrl);
  if (!isLoopbackName(url.hostname)) return new Set([url.origin]);
  const suffix = url.port === "" ? "" : `:${url.port}`;
  return new Set(loopbackNames.map((name) => `${url.protocol}//${name}${suffix}`));
}

/** Those besides from which API and live feed may be used in a person's name. */
export const frontEndOrigins = (frontEnd: string | undefined): string[] =>
  frontEnd === undefined ? [] : [new URL(frontEnd).origin];

/** Whether a text is a path of this site, spelt as addresses are, in ASCII: a header holds nothing else. */
export const isOwnPath = (text: string): boolean => /^\/(?!\/)[!-[\]-~]*$/.test(text);

/**
 * Whether a request comes from our own pages or from a program, judged by what browsers send with every request and
 * pages cannot forge. A request with neither header is no browser's, so no one's cookies came along unasked.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, origins: ReadonlySet<string>): boolean {
  const { origin } = headers;
  if (origin !== undefined) return origins.has(origin);
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none";
}
