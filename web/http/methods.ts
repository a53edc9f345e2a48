import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

/**
 * Stands behind the handlers of a path and answers the methods that it does not have: 405 with those it has, so that
 * a program tells a wrong method from a wrong address. OPTIONS asks for just that list.
 */
export function otherMethods(methods: readonly string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].toSorted().join(", ");
  return (request, response) => {
    if (request.method !== "OPTIONS") throw methodNotAllowed(allowed);
    response.status(204).set("Allow", allowed).end();
  };
}

const otherThanPages = otherMethods(["GET", "POST"]);

/** Stands before the pages, which would take PUT, PATCH and DELETE for forms. */
export const pageMethods: RequestHandler = (request, response, next) =>
  ["GET", "HEAD", "POST"].includes(request.method) ? next() : otherThanPages(request, response, next);

export const methodNotAllowed = (allowed: string) =>
  new Problem(405, "method_not_allowed", `This address takes ${allowed}.`, { headers: { Allow: allowed } });
