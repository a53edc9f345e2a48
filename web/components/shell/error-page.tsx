import { Link, isRouteErrorResponse } from "react-router";
import { buttonClass } from "../ui/button.tsx";

/** What a person sees in place of a page that failed: what happened, the way out, and the id to tell an operator. */
export function ErrorPage({ error, requestId }: { error: unknown; requestId: string }) {
  const { title, words } = explain(error);
  // What is not there, or not for them, stays so.
  const isFinal = isRouteErrorResponse(error) && (error.status === 404 || error.status === 403);
  return (
    <div className="space-y-4">
      <title>{`${title} · Convene`}</title>
      <h1 className="text-3xl">{title}</h1>
      <p className="text-soft">{words}</p>
      <p className="flex flex-wrap gap-3 pt-2">
        {isFinal ? null : (
          <a className={buttonClass("primary")} href="">
            Try again
          </a>
        )}
        <Link className={buttonClass(isFinal ? "primary" : "plain")} to="/">
          Go to the home page
        </Link>
      </p>
      {requestId === "" ? null : (
        <p className="pt-4 text-sm text-soft">
          Request id <code className="font-mono">{requestId}</code>
        </p>
      )}
    </div>
  );
}

function explain(error: unknown): { title: string; words: string } {
  if (!isRouteErrorResponse(error)) {
    return {
      title: "Something went wrong on our side",
      words: "The page could not be shown. Nothing you uploaded is lost, and runs in progress go on.",
    };
  }
  if (error.status === 404) {
    return {
      title: "There is nothing here",
      words: typeof error.data === "string" && error.data ? error.data : "The page does not exist, or is not yours.",
    };
  }
  if (error.status === 403) {
    return { title: "You may not do this", words: "Your role does not allow it. An owner or admin can change that." };
  }
  return {
    title: "The request could not be served",
    words: typeof error.data === "string" && error.data ? error.data : error.statusText,
  };
}
