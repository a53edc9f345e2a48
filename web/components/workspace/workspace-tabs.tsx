import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, href, useFetcher, useNavigate } from "react-router";
import { textLimits } from "#domain/text.ts";
import { Button } from "../ui/button.tsx";
import { someWords } from "../ui/form-text.ts";

/** A person's workspaces to choose from, and the making of another. */
export function WorkspaceTabs({
  workspaces,
  current,
}: {
  workspaces: readonly { id: string; name: string }[];
  current: string;
}) {
  const [isMaking, setMaking] = useState(false);
  const fetcher = useFetcher<{ made: string | null; problem: string | null }>();
  const navigate = useNavigate();
  const made = fetcher.data?.made ?? null;
  useEffect(() => {
    if (made !== null) void navigate(href("/workspaces/:id", { id: made }));
  }, [made, navigate]);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ul aria-label="Workspaces" className="flex flex-wrap gap-2">
        {workspaces.map(({ id, name }) => (
          <li key={id}>
            <Link
              to={href("/workspaces/:id", { id })}
              aria-current={id === current ? "page" : undefined}
              className="inline-flex min-h-10 items-center rounded-full border border-line px-4 text-sm aria-[current]:border-accent aria-[current]:bg-accent-wash aria-[current]:font-semibold aria-[current]:text-accent-strong"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
      {isMaking ? (
        <fetcher.Form
          method="post"
          className="flex flex-wrap gap-2"
          onKeyDown={({ key }) => (key === "Escape" ? setMaking(false) : undefined)}
        >
          <input type="hidden" name="intent" value="create" />
          <input
            name="name"
            aria-label="Name of the workspace"
            placeholder="Name"
            required
            pattern={someWords}
            maxLength={textLimits.name}
            ref={(input) => input?.focus()}
            className="field w-44"
          />
          <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
            Create
          </Button>
          {fetcher.data?.problem ? (
            <p role="alert" className="self-center text-sm text-danger">
              {fetcher.data.problem}
            </p>
          ) : null}
        </fetcher.Form>
      ) : (
        <Button look="quiet" onClick={() => setMaking(true)}>
          <Plus size={16} aria-hidden="true" /> New workspace
        </Button>
      )}
    </div>
  );
}
