import type { BotDay } from "#records/bot-visits/report.ts";

const kinds = [
  { name: "recorded", words: "Recorded", fill: "fill-accent", box: "bg-accent" },
  { name: "failed", words: "Failed", fill: "fill-danger", box: "bg-danger" },
  { name: "calledOff", words: "Called off", fill: "fill-edge", box: "bg-edge" },
] as const;

const height = 120;
const step = 20;

/** What became of bots' visits, day by day (UTC): as bars for the eye, and as a table for everybody. */
export function VisitsChart({ days }: { days: readonly BotDay[] }) {
  const totals = days.map((day) => day.recorded + day.failed + day.calledOff);
  const most = Math.max(1, ...totals);
  const isBare = totals.every((total) => total === 0);
  return (
    <section className="panel mb-6 p-5" aria-labelledby="visits">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-3">
        <h2 id="visits" className="text-xl">
          Visits by day
        </h2>
        <ul className="flex flex-wrap gap-4 text-sm text-soft">
          {kinds.map(({ name, words, box }) => (
            <li key={name} className="flex items-center gap-1.5">
              <span aria-hidden="true" className={`size-2.5 rounded-sm ${box}`} />
              {words}
            </li>
          ))}
        </ul>
      </div>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${days.length * step} ${height}`}
        preserveAspectRatio="none"
        className="h-32 w-full border-b border-line"
      >
        {days.map((day, at) => (
          <Bar key={day.day} day={day} x={at * step} most={most} />
        ))}
      </svg>
      <p className="mt-1 flex justify-between text-xs text-soft" aria-hidden="true">
        <span>{days[0]?.day}</span>
        <span>{isBare ? "none on these days" : `at most ${most} a day`}</span>
        <span>{days.at(-1)?.day}</span>
      </p>
      <details className="mt-3 text-sm">
        <summary className="link inline-block min-h-11 py-2">As a table</summary>
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Visits by day">
          <table className="w-full">
            <thead className="border-b border-line text-soft">
              <tr>
                <th className="py-2 pr-4 text-left font-medium">Day (UTC)</th>
                {kinds.map(({ name, words }) => (
                  <th key={name} className="py-2 pr-4 text-right font-medium">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="figures divide-y divide-line">
              {days.toReversed().map((day) => (
                <tr key={day.day}>
                  <th scope="row" className="py-1.5 pr-4 text-left font-normal whitespace-nowrap">
                    {day.day}
                  </th>
                  {kinds.map(({ name }) => (
                    <td key={name} className="py-1.5 pr-4 text-right">
                      {day[name]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Bar({ day, x, most }: { day: BotDay; x: number; most: number }) {
  let top = height;
  return kinds.map(({ name, fill }) => {
    const tall = (day[name] / most) * height;
    top -= tall;
    return <rect key={name} x={x + 3} y={top} width={step - 6} height={tall} className={fill} />;
  });
}
