interface NamedCountsProps {
  title: string;
  none: string;
  rows: readonly { reason: string; count: number }[];
}

/** Counts by what they are of, each with a bar as long as its share of the largest. */
export function NamedCounts({ title, none, rows }: NamedCountsProps) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <section className="panel p-5">
      <h2 className="mb-3 text-xl">{title}</h2>
      {rows.length === 0 ? <p className="text-soft">{none}</p> : null}
      <ul className="space-y-3 text-sm">
        {rows.map(({ reason, count }) => (
          <li key={reason}>
            <div className="flex items-baseline justify-between gap-4">
              <span className="min-w-0">{reason}</span>
              <span className="figures font-medium">{count}</span>
            </div>
            <div aria-hidden="true" className="mt-1 h-1.5 rounded-full bg-sunken">
              <div className="h-full rounded-full bg-accent" style={{ width: `${(100 * count) / most}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
