import type { Request, Response } from "express";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { invalidRequest } from "../http/errors.ts";
import { notFound, Problem } from "../http/problem.ts";

/**
 * What a route can answer with, by status. Bodies are JSON unless media types are named (a range such as `audio/*`
 * stands for all of its types); refusals without a body of their own are problems.
 */
interface Answer {
  description: string;
  body?: z.ZodType;
  mediaType?: string | readonly string[];
}

/** A handler's answer; null where it has written to the response itself. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | null;

export interface RouteContext<Params, Query, Body> {
  deps: WebDeps;
  /** Who asks. On routes with access "anyone" there may be nobody: use `request` there. */
  actor: Actor;
  params: Params;
  query: Query;
  body: Body;
  request: Request;
  response: Response;
}

interface RouteDescription<Params, Query, Body> {
  method: "get" | "post" | "patch" | "put" | "delete";
  /** Below /api, with `:id` for parameters. Parameters that end in "id" must be ids; others are "not found". */
  path: string;
  summary: string;
  tag: string;
  /** Programs and people with an account; administrators of the server only. */
  access: "user" | "admin";
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** Fields of a multipart body, for the docs; the handler reads it as a stream. */
  multipart?: z.ZodObject;
  /** What may come as JSON in the place of a form; the handler checks it. */
  orJson?: z.ZodObject;
  answers: Record<number, Answer>;
  /** Most bytes of a JSON body, where a usual one (100 kB) is too small. */
  maxBody?: number;
  /** The answer to what went wrong, where it is not to be a problem in our form; null leaves it one. */
  refuse?: (error: unknown) => Reply;
  handle: (context: RouteContext<Params, Query, Body>) => Promise<Reply>;
}

/** A route with its types settled inside, as tables and the docs handle it. */
export interface Route extends Omit<RouteDescription<unknown, unknown, unknown>, "handle"> {
  run: (context: Pick<RouteContext<never, never, never>, "deps" | "actor" | "request" | "response">) => Promise<Reply>;
}

/** One route: the same schemas check the request, describe it in the docs and give the handler its types. */
export function route<Params = unknown, Query = unknown, Body = unknown>(
  description: RouteDescription<Params, Query, Body>,
): Route {
  const { handle, body: fields, ...rest } = description;
  const bodySchema = fields && strict(fields);
  return {
    ...rest,
    ...(bodySchema && { body: bodySchema }),
    run({ deps, actor, request, response }) {
      const params = parsePath(description.params, request);
      const query = parsed(description.query, request.query);
      const body = parsed(bodySchema, request.body ?? {});
      return handle({ deps, actor, params, query, body, request, response });
    },
  };
}

/** A misspelt field must not pass for a change that was made; who means to take more says so with `looseObject`. */
const strict = <T>(schema: z.ZodType<T>): z.ZodType<T> =>
  schema instanceof z.ZodObject && schema.def.catchall === undefined ? (schema.strict() as z.ZodType<T>) : schema;

function parsePath<Params>(schema: z.ZodType<Params> | undefined, request: Request): Params {
  const isUnknown = Object.entries(request.params).some(([name, value]) => /id$/i.test(name) && !isId(String(value)));
  const result = schema?.safeParse(request.params);
  if (isUnknown || result?.success === false) throw notFound();
  return result?.data as Params;
}

function parsed<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  const result = schema?.safeParse(value);
  if (result?.success === false) throw invalidRequest(result.error);
  return result?.data as T;
}

/** Writes a reply. What the answer's schema does not name never leaves the server. */
export function send(route: Route, reply: Reply, response: Response): void {
  if (reply === null) return;
  const answer = route.answers[reply.status];
  if (answer === undefined) throw new Problem(500, "internal", "The route answered what it does not describe.");
  response.status(reply.status).set(reply.headers ?? {});
  if (answer.body === undefined) {
    response.end();
    return;
  }
  // Through JSON first: schemas describe what goes over the wire, where a date is a string.
  const wire: unknown = JSON.parse(JSON.stringify(reply.body));
  response.json(answer.body.parse(wire));
}
