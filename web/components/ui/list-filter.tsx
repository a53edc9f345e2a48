import { Search } from "lucide-react";
import { Form, Link, useSearchParams } from "react-router";
import { Button } from "./button.tsx";
import { filterLabels } from "../runs/run-labels.ts";

interface ListFilterProps {
  label: string;
  counts?: Record<string, number>;
  /** The states to choose from, with what people read for them. */
  filters?: Record<string, string>;
  /** What else in the address narrows the list, and stays. */
  keep?: readonly string[];
}

/** Search and state filter of a list; both live in the address, so they survive a reload and can be shared. */
export function ListFilter({ label, counts, filters = filterLabels, keep = [] }: ListFilterProps) {
  const [params] = useSearchParams();
  const status = params.get("status");
  const text = params.get("q") ?? "";
  const kept = keep.flatMap((name): [string, string][] => {
    const value = params.get(name);
    return value === null ? [] : [[name, value]];
  });
  const addressOf = (filter: string | null) => {
    const next = new URLSearchParams(kept);
    if (text) next.set("q", text);
    if (filter !== null) next.set("status", filter);
    return `?${next}`;
  };
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-3">
      <Form role="search" className="flex min-w-0 flex-1 basis-64 gap-2">
        {status === null ? null : <input type="hidden" name="status" value={status} />}
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="relative min-w-0 flex-1">
          <Search size={16} aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-soft" />
          <input
            type="search"
            name="q"
            aria-label={label}
            placeholder={label}
            defaultValue={text}
            key={text}
            className="field pl-9"
          />
        </div>
        <Button type="submit">Search</Button>
      </Form>
      <ul aria-label="Show only" className="flex flex-wrap gap-1">
        {[null, ...Object.keys(filters)].map((filter) => (
          <li key={filter}>
            <Link
              to={addressOf(filter)}
              aria-current={status === filter ? "true" : undefined}
              className="inline-flex min-h-9 items-center rounded-full px-3 text-sm text-soft hover:bg-sunken aria-[current]:bg-accent-wash aria-[current]:font-semibold aria-[current]:text-accent-strong"
            >
              {filter === null ? "All" : filters[filter]}
              {filter !== null && counts ? <span className="figures ml-1.5">{counts[filter]}</span> : null}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

const newestFirst = { first: "Newest", next: "Older" };

/** The way to the next page, and back to the first. */
export function Pager({ nextCursor, words = newestFirst }: { nextCursor: string | null; words?: typeof newestFirst }) {
  const [params] = useSearchParams();
  const withCursor = (cursor: string | null) => {
    const next = new URLSearchParams(params);
    if (cursor === null) next.delete("after");
    else next.set("after", cursor);
    return `?${next}`;
  };
  if (nextCursor === null && !params.has("after")) return null;
  return (
    <nav aria-label="Pages" className="mt-5 flex justify-between text-sm">
      {params.has("after") ? (
        <Link to={withCursor(null)} className="link inline-flex min-h-9 items-center">
          {words.first}
        </Link>
      ) : (
        <span />
      )}
      {nextCursor === null ? null : (
        <Link to={withCursor(nextCursor)} className="link inline-flex min-h-9 items-center">
          {words.next}
        </Link>
      )}
    </nav>
  );
}
