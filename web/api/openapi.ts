import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { usualBody } from "../http/body-cap.ts";
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
        "Recordings become transcripts and summaries. Sign in by cookie, or send an API key as `Authorization: Bearer …`. Errors are `application/problem+json`. Text is trimmed and loses control characters before its limits are measured.",
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

function pathOf(route: Described): RouteConfig {
  const { method, path, summary, tag, access, answers } = route;
  return {
    method,
    path: `/api${path.replace(/:(\w+)/g, "{$1}")}`,
    summary,
    tags: [tag],
    security: access === "anyone" ? [] : [{ session: [] }, { apiKey: [] }],
    request: requestOf(route),
    responses: { ...refusalsOf(route), ...mapped(answers, responseOf) },
  };
}

function requestOf({ path, params, query, body, multipart, orJson }: Described): RouteConfig["request"] {
  const names = parametersOf(path);
  return {
    ...(names.length === 0 ? {} : { params: asObject(params) ?? z.object(Object.fromEntries(names.map(stringField))) }),
    ...(asObject(query) === null ? {} : { query: asObject(query) ?? z.object({}) }),
    // A body that may be left out is one of which nothing is required.
    ...(body === undefined
      ? {}
      : { body: { required: !body.safeParse({}).success, content: { "application/json": { schema: body } } } }),
    ...(multipart === undefined
      ? {}
      : { body: { required: true, content: { "multipart/form-data": { schema: multipart }, ...asJson(orJson) } } }),
  };
}

const asJson = (schema: z.ZodObject | undefined) => (schema === undefined ? {} : { "application/json": { schema } });

/** What any route of its kind may answer, whether or not its own description names it. */
function refusalsOf({ method, path, access, query, multipart, maxBody = usualBody }: Described) {
  const isChange = method !== "get";
  const limit = `The body is larger than ${maxBody / 1000} kB`;
  return {
    ...(query === undefined && !isChange ? {} : { 400: problem("The request is not valid; `issues` says where") }),
    ...(access === "anyone" ? {} : { 401: problem("Nobody is signed in, or the key does not work") }),
    ...(access === "admin" || isChange ? { 403: problem("Your role does not allow it, or a foreign Origin") } : {}),
    ...(parametersOf(path).length === 0 ? {} : { 404: problem("Not there, or not yours") }),
    ...(isChange ? { 408: problem("The request did not arrive in time") } : {}),
    ...(isChange && multipart === undefined ? { 413: problem(limit) } : {}),
    ...(isChange ? { 415: problem("The body's type, coding or charset is not known") } : {}),
    429: problem("Too many requests; `Retry-After` says when the next is taken"),
    503: problem("The database cannot be reached just now; `Retry-After` says when to try again"),
  };
}

function responseOf(status: string, { description, body, mediaType }: Route["answers"][number]) {
  if (Number(status) >= 400 && body === undefined) return problem(description);
  if (body === undefined && mediaType === undefined) return { description };
  const types = [mediaType ?? "application/json"].flat();
  const schemaOf = (type: string) => body ?? (type.endsWith("json") ? z.unknown() : z.string());
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }])) };
}

const mapped = <T, U>(entries: Record<string, T>, change: (key: string, value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(key, value)]));

const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
const stringField = (name: string) => [name, z.string()] as const;
const asObject = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? schema : null);
