import { useFetcher } from "react-router";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { dayWords } from "../ui/format.ts";
import { textOf } from "../ui/form-text.ts";
import { Evidence } from "./evidence.tsx";
import type { Cite } from "./evidence.tsx";

type Item = NonNullable<RecordingData["analysis"]>["actionItems"][number];

/** The tasks that were agreed: who, by when, and the words that say so. */
export function ActionItems({ items, cite, canWrite }: { items: Item[]; cite: Cite; canWrite: boolean }) {
  const open = items.filter((item) => !item.done).length;
  return (
    <section aria-labelledby="tasks" className="space-y-4">
      <h2 id="tasks" className="flex items-baseline gap-3 text-2xl">
        Action items
        {items.length === 0 ? null : <span className="font-sans text-sm font-normal text-soft">{open} open</span>}
      </h2>
      {items.length === 0 ? <p className="text-soft">No task was agreed in this conversation.</p> : null}
      <ul className="space-y-3">
        {items.map((item) => (
          <li key={item.id}>
            <ActionItem item={item} cite={cite} canWrite={canWrite} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ActionItem({ item, cite, canWrite }: { item: Item; cite: Cite; canWrite: boolean }) {
  const fetcher = useFetcher();
  const asked = textOf(fetcher.formData, "done");
  const isDone = asked === null ? item.done : asked === "true";
  return (
    <div className="flex gap-3">
      <input
        type="checkbox"
        aria-labelledby={`task-${item.id}`}
        checked={isDone}
        disabled={!canWrite}
        onChange={(event) =>
          void fetcher.submit(
            { intent: "tick", itemId: item.id, done: String(event.target.checked) },
            { method: "post" },
          )
        }
        className="mt-0.5 size-6 shrink-0 accent-accent"
      />
      <div className="min-w-0 space-y-1">
        <p id={`task-${item.id}`} dir="auto" className={isDone ? "text-soft line-through" : ""}>
          {item.text}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
          {item.owner === null ? null : <span className="font-medium">{item.owner}</span>}
          {item.due === null ? null : (
            <span>
              due <time dateTime={item.due}>{dayWords(item.due)}</time>
            </span>
          )}
          <span>
            <Evidence ids={item.segmentIds} {...cite} />
          </span>
        </p>
      </div>
    </div>
  );
}
