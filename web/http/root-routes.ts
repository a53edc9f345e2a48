import type { RequestHandler } from "express";

/**
 * The reference design has the routes of jobs at the server's root. They are the API's, answered there as below `/api`;
 * no page has such an address.
 */
export const answerRootRoutes: RequestHandler = (request, _response, next) => {
  if (/^\/agents\/[^/]+\/(?:jobs|stats|backfills)(?:\/|$)/.test(request.path)) request.url = `/api${request.url}`;
  next();
};
