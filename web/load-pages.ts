import { join } from "node:path";
import { pathToFileURL } from "node:url";
import express from "express";
import type { RequestHandler } from "express";
import { z } from "zod";
import { largestAgentBody } from "#domain/inputs/agent.ts";
import { largestOpml } from "#domain/inputs/opml.ts";
import { largestCalendarForm } from "./calendar/connection-form.ts";
import type { WebDeps } from "./deps.ts";
import { capBody } from "./http/body-cap.ts";
import { spendPageRequest } from "./http/guard.ts";
import { noStore } from "./http/headers.ts";
import type { HttpServer } from "./http/http-server.ts";
import { pageMethods } from "./http/methods.ts";
import { allowUploadTime } from "./http/request-time.ts";

const root = join(import.meta.dirname, "..");
const AppModule = z.object({
  createApp: z.custom<(deps: WebDeps) => RequestHandler>((value) => typeof value === "function"),
});

/** The pages: the built ones, or in development Vite's, made on demand; none in tests of the API alone. */
export async function loadPages(deps: WebDeps, http: HttpServer): Promise<RequestHandler[]> {
  if (deps.env.NODE_ENV === "development") return developmentPages(deps, http);
  if (deps.env.NODE_ENV === "test") return [];
  const build = join(root, "build", "server", "index.js");
  const { createApp } = AppModule.parse(await import(pathToFileURL(build).href));
  const client = join(root, "build", "client");
  // Names of assets hold their content's hash.
  const assets = express.static(join(client, "assets"), { immutable: true, maxAge: "1y", index: false });
  // A page of an older build asks for what is gone: a page in answer would pass for a script.
  const gone: RequestHandler = (_request, response) => void response.sendStatus(404);
  const files = express.static(client, { maxAge: "1h", index: false });
  const statics = express.Router().use("/assets", assets, gone).use(files);
  return [pageMethods, statics, noStore, spendPageRequest(deps), capForm(deps), createApp(deps)];
}

const capUsual = capBody();
const capAgent = capBody(largestAgentBody);
const fileForms = [
  { form: /^\/calendar\/connections(\.data)?$/, cap: capBody(largestCalendarForm) },
  // A character has at most four bytes.
  { form: /^\/podcasts\/import(\.data)?$/, cap: capBody(largestOpml * 4 + 10_000) },
];
const giveTime = allowUploadTime();
/** Forms are held in memory until they are whole; one that brings a file is taken from people with an account only. */
const capForm =
  ({ auth }: WebDeps): RequestHandler =>
  async (request, response, next) => {
    const { path } = request;
    if (/^\/agents(\/|\.data$|$)/.test(path)) return capAgent(request, response, next);
    const cap = request.method === "POST" ? fileForms.find(({ form }) => form.test(path))?.cap : undefined;
    if (cap === undefined || (await auth.actorOf(request)) === null) return capUsual(request, response, next);
    giveTime(request, response, () => cap(request, response, next));
  };

async function developmentPages(deps: WebDeps, { server, upgrades }: HttpServer): Promise<RequestHandler[]> {
  const { createServer } = await import("vite");
  upgrades.leave(({ headers }) => headers["sec-websocket-protocol"]?.startsWith("vite-") === true);
  const vite = await createServer({ root, server: { middlewareMode: true, hmr: { server } }, appType: "custom" });
  return [
    pageMethods,
    vite.middlewares,
    async (request, response, next) => {
      const { createApp } = AppModule.parse(await vite.ssrLoadModule("./web/app.ts"));
      createApp(deps)(request, response, next);
    },
  ];
}
