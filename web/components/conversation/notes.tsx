import { Notice } from "../ui/notice.tsx";

/** What a reader must know of a result, such as parts without a transcript. */
export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <Notice kind="info">
      <ul className="space-y-1">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** What went otherwise than it should, but for what the reading below says itself. */
export function Warnings({ of, analysis }: { of: readonly string[]; analysis: { notes: readonly string[] } | null }) {
  const said = new Set(analysis?.notes);
  return of
    .filter((warning) => !said.has(warning))
    .map((warning) => (
      <Notice key={warning} kind="warn">
        {warning}
      </Notice>
    ));
}
