import { Outlet, useRouteLoaderData } from "react-router";
import { ErrorPage } from "../components/shell/error-page.tsx";
import type { loader as rootLoader } from "../root.tsx";
import type { Route } from "./+types/page.ts";

/** Between the shell and its pages, so that a page that fails leaves navigation and uploads as they are. */
export default function Page() {
  return <Outlet />;
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const requestId = useRouteLoaderData<typeof rootLoader>("root")?.requestId ?? "";
  return (
    <div className="mx-auto max-w-xl py-10">
      <ErrorPage error={error} requestId={requestId} />
    </div>
  );
}
