import type { ReactNode } from "react";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from "react-router";
import type { Route } from "./+types/root.ts";
import { ErrorPage } from "./components/shell/error-page.tsx";
import { OfflineBanner } from "./components/shell/offline-banner.tsx";
import { useNonce } from "./components/shell/nonce.tsx";
import { useRefusedForms } from "./hooks/use-refused-forms.ts";
import { requestIdContext } from "./pages/context.ts";
import { themeOf } from "./components/shell/theme.ts";
import styles from "./styles/app.css?url";

export const links: Route.LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/icon.svg", type: "image/svg+xml" },
];

export const meta: Route.MetaFunction = () => [
  { title: "Convene" },
  { name: "description", content: "Turns conversations into results that can be trusted." },
];

export const middleware: Route.MiddlewareFunction[] = [
  async (_asked, next) => {
    const response = await next();
    // A form was sent to a page that takes none.
    if (response.status === 405 && !response.headers.has("Allow")) response.headers.set("Allow", "GET, HEAD, OPTIONS");
    return response;
  },
];

export function loader({ request, context }: Route.LoaderArgs) {
  return {
    theme: themeOf(request.headers.get("cookie")),
    requestId: context.get(requestIdContext),
    /** What the page's moments are seen from until the browser has taken over: nothing moves when it does. */
    now: Date.now(),
  };
}

// Zod tries whether it may compile code. Our policy forbids it, and Firefox reports each try as an error. Where each
// page begins with schemas of its own no module could say so early enough.
const withoutEval = "globalThis.__zod_globalConfig = { jitless: true };";

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const theme = useRouteLoaderData<typeof loader>("root")?.theme ?? "system";
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: withoutEval }} />
        <Meta />
        <Links nonce={nonce} />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  useRefusedForms();
  return (
    <>
      <OfflineBanner />
      <Outlet />
    </>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  return (
    <main id="main" className="mx-auto max-w-xl px-5 py-20">
      <ErrorPage error={error} requestId={loaderData?.requestId ?? ""} />
    </main>
  );
}
