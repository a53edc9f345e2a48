import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Router } from "express";
import { otherMethods } from "../http/methods.ts";
import { openApiDocument } from "./openapi.ts";

const packageFile = createRequire(import.meta.url).resolve("@scalar/api-reference");
const scriptFile = join(dirname(packageFile), "browser", "standalone.js");

const page = (nonce: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Convene API</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<div id="docs"></div>
<script nonce="${nonce}" src="/api/docs/scalar.js"></script>
<script nonce="${nonce}">
Scalar.createApiReference("#docs", {
  url: "/api/openapi.json",
  telemetry: false,
  withDefaultFonts: false,
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
});
</script>
</body>
</html>
`;

/** `/openapi.json`, and a page that shows it, with everything it needs from this server. */
export function createDocs(): Router {
  const router = Router();
  let document: string | null = null;
  router.get("/openapi.json", (_request, response) => {
    document ??= JSON.stringify(openApiDocument());
    response.type("application/json").send(document);
  });
  router.get("/docs", (_request, response) => {
    // The viewer writes its styles at run time; scripts stay bound to the nonce.
    const policy = String(response.getHeader("Content-Security-Policy") ?? "");
    response.set("Content-Security-Policy", policy.replace(/style-src [^;]+/, "style-src 'self' 'unsafe-inline'"));
    response.type("html").send(page(String(response.locals["cspNonce"] ?? "")));
  });
  router.get("/docs/scalar.js", async (request, response) => {
    const { size, mtimeMs } = await stat(scriptFile);
    const tag = `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
    response
      .set({ ETag: tag, "Cache-Control": "public, max-age=86400", Vary: "Accept-Encoding" })
      .type("text/javascript");
    if (request.headers["if-none-match"] === tag) {
      response.status(304).end();
      return;
    }
    if (request.acceptsEncodings("gzip") === "gzip") {
      response.set("Content-Encoding", "gzip");
      await pipeline(createReadStream(scriptFile), createGzip(), response);
      return;
    }
    await pipeline(createReadStream(scriptFile), response);
  });
  router.all(["/openapi.json", "/docs", "/docs/scalar.js"], otherMethods(["GET"]));
  return router;
}
