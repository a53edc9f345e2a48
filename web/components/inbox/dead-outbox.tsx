import { Form, useNavigation } from "react-router";
import { Button } from "../ui/button.tsx";
import { Time } from "../ui/time.tsx";

interface DeadRow {
  id: string;
  kind: string;
  attempts: number;
  error: string | null;
  createdAt: Date;
}

/** What people's actions should have caused and did not, for want of Temporal or of something else. */
export function DeadOutbox({ rows }: { rows: readonly DeadRow[] }) {
  const busyWith = useNavigation().formData?.get("id");
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="dead-outbox" className="mt-10 space-y-3">
      <h2 id="dead-outbox" className="text-xl">
        Orders that could not be handed over
      </h2>
      <p className="text-sm text-soft">
        What somebody's click should have caused. Handing one over twice is harmless; mend the cause first.
      </p>
      <ul className="panel divide-y divide-line">
        {rows.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 text-sm">
            <div className="min-w-0">
              <p className="font-medium">{row.kind}</p>
              <p className="text-soft">
                <Time at={row.createdAt} />, <span className="figures">{row.attempts}</span> tries
              </p>
              {row.error === null ? null : <p className="text-danger">{row.error}</p>}
            </div>
            <Form method="post">
              <input type="hidden" name="id" value={row.id} />
              <Button type="submit" disabled={busyWith === row.id}>
                Try again<span className="sr-only">: {row.kind}</span>
              </Button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}
