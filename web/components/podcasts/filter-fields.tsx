import type { ChannelFilters } from "#domain/channels/filters.ts";
import { Field } from "../ui/field.tsx";
import { TextArea } from "../ui/text-area.tsx";

/** What stands in the fields, as text. */
type Typed = Record<string, string>;

/** What of a source becomes an episode by itself. `filters` fill the fields, or what was `typed` into them before. */
export function FilterFields({
  filters,
  typed = {},
  problems,
  note,
}: {
  filters: ChannelFilters | null;
  typed?: Typed;
  problems: Record<string, string>;
  /** When what is said here holds. */
  note: string;
}) {
  const shown: Typed = filters === null ? typed : textOf(filters);
  const given = (name: string) => ({ name, defaultValue: shown[name] ?? "", problem: problems[name] });
  const isOpen = Object.values(names).some((name) => (shown[name] ?? "") !== "" || problems[name] !== undefined);
  return (
    <details open={isOpen} className="rounded-lg border border-line px-4 py-1.5">
      <summary className="py-1.5 text-sm font-medium">Filters</summary>
      <p className="pt-2 text-sm text-soft">{note}</p>
      <div className="grid gap-5 py-4 sm:grid-cols-2">
        <TextArea {...given(names.include)} rows={2} label="Titles hold one of" hint="One a line; empty: any title." />
        <TextArea {...given(names.exclude)} rows={2} label="Titles hold none of" hint="One a line." />
        <Field {...given(names.min)} {...decimal} label="Shortest, in minutes" hint="Empty: any." />
        <Field {...given(names.max)} {...decimal} label="Longest, in minutes" hint="Empty: any." />
        <Field {...given(names.age)} {...whole} label="Oldest, in days" hint="Empty: any age." />
        <Field
          {...given(names.last)}
          {...whole}
          label="Only the newest"
          hint="How many of the source's items; empty: all."
        />
      </div>
    </details>
  );
}

const names = {
  include: "includeWords",
  exclude: "excludeWords",
  min: "minSeconds",
  max: "maxSeconds",
  age: "maxAgeDays",
  last: "keepLast",
} as const;
const decimal = { inputMode: "decimal", autoComplete: "off" } as const;
const whole = { inputMode: "numeric", autoComplete: "off" } as const;

function textOf({ includeWords, excludeWords, minSeconds, maxSeconds, maxAgeDays, keepLast }: ChannelFilters): Typed {
  const minutes = (seconds: number | null) => (seconds === null ? "" : String(Number((seconds / 60).toFixed(2))));
  return {
    [names.include]: includeWords.join("\n"),
    [names.exclude]: excludeWords.join("\n"),
    [names.min]: minutes(minSeconds),
    [names.max]: minutes(maxSeconds),
    [names.age]: String(maxAgeDays ?? ""),
    [names.last]: String(keepLast ?? ""),
  };
}
