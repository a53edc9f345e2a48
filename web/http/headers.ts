import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";
import type { WebEnv } from "../env.ts";

/** A nonce of its own for each answer, in `res.locals.cspNonce`: only scripts that carry it run. */
export const giveNonce: RequestHandler = (_request, response, next) => {
  response.locals["cspNonce"] = randomBytes(16).toString("base64");
  next();
};

const nonceOf = (_request: IncomingMessage, response: ServerResponse) =>
  `'nonce-${String((response as Response).locals["cspNonce"])}'`;

type HeaderEnv = Pick<WebEnv, "PUBLIC_URL" | "NODE_ENV" | "STREAM_API_KEY" | "STREAM_BASE_URL">;

/** Where a browser in a call of Stream Video has to reach; nowhere while that is not set up. */
function streamHosts({ STREAM_API_KEY, STREAM_BASE_URL }: HeaderEnv): string[] {
  if (STREAM_API_KEY === undefined) return [];
  const { origin } = new URL(STREAM_BASE_URL ?? "https://video.stream-io-api.com");
  // Media servers and the hint for the nearest of them are below one domain, whatever the API's address.
  const hosts = [origin, "https://*.stream-io-video.com"];
  return [...hosts, ...hosts.map((host) => host.replace(/^http/, "ws"))];
}

/** The security headers of every answer. */
export function secureHeaders(env: HeaderEnv): RequestHandler {
  const { PUBLIC_URL, NODE_ENV } = env;
  const isHttps = PUBLIC_URL.startsWith("https:");
  const { host } = new URL(PUBLIC_URL);
  const isDevelopment = NODE_ENV === "development";
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", nonceOf],
        // Vite's styles in development carry no nonce.
        styleSrc: isDevelopment ? ["'self'", "'unsafe-inline'"] : ["'self'", nonceOf],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        mediaSrc: ["'self'", "blob:"],
        // Not every browser counts a WebSocket to the own host as 'self'.
        connectSrc: [
          "'self'",
          `${isHttps ? "wss" : "ws"}://${host}`,
          ...(isDevelopment ? ["ws:"] : []),
          ...streamHosts(env),
        ],
        workerSrc: ["'self'", "blob:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 2 * 365 * 86_400, includeSubDomains: false } : false,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
}

/** Private by default: what a person sees must not lie in a cache after they have signed out. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};
