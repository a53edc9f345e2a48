import type { ReactNode } from "react";

/** One subject of the settings: what it is at the left, its form at the right. */
export function Section({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-x-10 gap-y-4 border-t border-line py-8 md:grid-cols-[14rem_1fr]">
      <div className="space-y-1.5">
        <h2 className="text-xl">{title}</h2>
        <p className="text-sm text-soft">{lead}</p>
      </div>
      <div className="min-w-0 space-y-4">{children}</div>
    </section>
  );
}
