import type { ReactNode } from "react";

/** One figure of a `dl`: large, with its name and a line of what it counts. */
export function Stat({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="panel flex flex-col p-4">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="figures order-first text-2xl font-semibold">{value}</dd>
      <dd className="mt-1 text-sm text-soft">{children}</dd>
    </div>
  );
}
