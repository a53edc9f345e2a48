import type { ReactNode } from "react";

/** A page's title (also the document's), a line below it, and what can be done at its right. */
export function PageHeader({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  return (
    <header className="mb-8 flex flex-wrap items-end justify-between gap-4">
      <title>{`${title} · Convene`}</title>
      <div className="min-w-0 space-y-1.5">
        <h1 dir="auto" className="text-3xl sm:text-4xl">
          {title}
        </h1>
        {lead ? <p className="text-soft">{lead}</p> : null}
      </div>
      {children ? <div className="flex flex-wrap gap-3">{children}</div> : null}
    </header>
  );
}
