import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@react-router/node";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { ServerRouter, isRouteErrorResponse } from "react-router";
import type { HandleDocumentRequestFunction, HandleErrorFunction } from "react-router";
import { NonceProvider } from "./components/shell/nonce.tsx";
import { depsContext, nonceContext, requestIdContext } from "./pages/context.ts";
import { loggedPath } from "./http/logged-path.ts";

export const streamTimeout = 10_000;

const pathOf = ({ url }: Request) => loggedPath(url);

const handleRequest: HandleDocumentRequestFunction = (request, status, headers, routerContext, loadContext) =>
  new Promise((resolve, reject) => {
    const nonce = loadContext.get(nonceContext);
    const { log } = loadContext.get(depsContext);
    // Crawlers get the whole page at once; people get the shell as soon as it stands.
    const readyEvent = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";
    let responseStatus = status;
    let isShellSent = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <ServerRouter context={routerContext} url={request.url} nonce={nonce} />
      </NonceProvider>,
      {
        nonce,
        [readyEvent]() {
          isShellSent = true;
          // A timer that is left running keeps the whole rendered tree in memory until it fires.
          const body = new PassThrough({ final: (done) => (clearTimeout(timer), done()) });
          headers.set("content-type", "text/html; charset=utf-8");
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: responseStatus }));
          pipe(body);
        },
        onShellError(error) {
          clearTimeout(timer);
          reject(error);
        },
        onError(error) {
          responseStatus = 500;
          if (isShellSent) log.error({ err: error, path: pathOf(request) }, "page rendering failed");
        },
      },
    );
    const timer = setTimeout(abort, streamTimeout + 1000).unref();
  });
export default handleRequest;

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  const requestId = context.get(requestIdContext);
  context.get(depsContext).log.error({ err: error, path: pathOf(request), requestId }, "page request failed");
};
