import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ProblemSchema } from "./schemas.ts";
import type { Route } from "./route.ts";
import { outsideRoutes, routes } from "./routes.ts";

/** The API's description, made of the very schemas that check requests and answers. */
export function openApiDocument() {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "convene.session_token",
  });
  registry.registerComponent("securitySchemes", "apiKey", { type: "http", scheme: "bearer" });
  for (const route of [...outsideRoutes, ...routes]) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Convene",
      version: "1.0.0",
      description:
        "Recordings become transcripts and summaries. Sign in by cookie, or send an API key as `Authorization: Bearer …`. Errors are `application/problem+json`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
  });
}

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: ProblemSchema } },
});

type Described = Omit<Route, "run" | "access"> & { access: Route["access"] | "anyone" };

function pathOf({
  method,
  path,
  summary,
  tag,
  access,
  params,
  query,
  body,
  multipart,
  answers,
}: Described): RouteConfig {
  const json = (schema: z.ZodType) => ({ content: { "application/json": { schema } } });
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
  const request = {
    ...(names.length === 0 ? {} : { params: asObject(params) ?? z.object(Object.fromEntries(names.map(stringField))) }),
    ...(asObject(query) === null ? {} : { query: asObject(query) ?? z.object({}) }),
    ...(body === undefined ? {} : { body: { required: true, ...json(body) } }),
    ...(multipart === undefined
      ? {}
      : { body: { required: true, content: { "multipart/form-data": { schema: multipart } } } }),
  };
  const isOpen = access === "anyone";
  return {
    method,
    path: `/api${path.replace(/:(\w+)/g, "{$1}")}`,
    summary,
    tags: [tag],
    security: isOpen ? [] : [{ session: [] }, { apiKey: [] }],
    request,
    responses: {
      ...(isOpen ? {} : { 401: problem("Nobody is signed in, or the key does not work") }),
      ...(access === "admin" || method !== "get"
        ? { 403: problem("Your role does not allow it, or a foreign Origin") }
        : {}),
      ...(names.length === 0 ? {} : { 404: problem("Not there, or not yours") }),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, body, mediaType }]) => [
          status,
          {
            description,
            ...(body === undefined && mediaType === undefined
              ? {}
              : { content: { [mediaType ?? "application/json"]: { schema: body ?? z.string() } } }),
          },
        ]),
      ),
      default: problem("Any other refusal"),
    },
  };
}

const stringField = (name: string) => [name, z.string()] as const;
const asObject = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? schema : null);
