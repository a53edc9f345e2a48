import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { methodNotAllowed } from "./methods.ts";
import { Problem } from "./problem.ts";

const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const methods = known.join(", ");

/**
 * Brings each request's target into origin form and refuses what no handler could make an address of, so that they can
 * rely on `/path?query` and on a host. Forms of targets: RFC 9112, 3.2; an absolute one has to be taken, and its host
 * counts instead of the header's.
 */
export const readTarget: RequestHandler = (request, response, next) => {
  if (!known.includes(request.method)) {
    throw methodNotAllowed(methods);
  }
  if (request.method === "OPTIONS" && request.url === "*") {
    response.status(204).set("Allow", methods).end();
    return;
  }
  if (/^https?:\/\//i.test(request.url)) takeApart(request);
  if (!request.url.startsWith("/")) throw unreadable("target");
  // React Router would print a path that it cannot decode, with the token in it.
  if (!isEncoded(request.url.split("?", 1)[0] ?? "")) throw unreadable("path");
  request.originalUrl = request.url;
  // HTTP/1.0 may come without; the pages make an address of it.
  request.headers.host ??= "localhost";
  const { host, "x-forwarded-host": forwardedHost, "x-forwarded-proto": forwardedProtocol } = request.headers;
  if (!isHost(host)) throw unreadable("Host header");
  if (!isHost(forwardedHost)) throw unreadable("X-Forwarded-Host header");
  if (!/^(https?(, *https?)*)?$/i.test(String(forwardedProtocol ?? ""))) throw unreadable("X-Forwarded-Proto header");
  next();
};

function takeApart(request: IncomingMessage) {
  const url = URL.parse(request.url ?? "");
  if (url === null) throw unreadable("target");
  request.headers.host = url.host;
  request.url = `${url.pathname}${url.search}`;
}

function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const unreadable = (what: string) => new Problem(400, "invalid_request", `The request's ${what} could not be read.`);

// Proxies in a row each add theirs to the list.
const isHost = (value: string | string[] | undefined) =>
  value === undefined || String(value).split(",").every(isHostName);

const isHostName = (name: string) => /^[\w.:[\]-]+$/.test(name.trim()) && URL.canParse(`http://${name.trim()}`);
