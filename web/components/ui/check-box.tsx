import type { ComponentProps, ReactNode } from "react";

/** A box to tick, with its words and a hint beside it. */
export function CheckBox({ label, hint, ...input }: ComponentProps<"input"> & { label: ReactNode; hint?: string }) {
  return (
    <label className="flex min-h-9 items-start gap-3 text-sm">
      <input type="checkbox" className="mt-0.5 size-5 shrink-0 accent-accent" {...input} />
      <span>
        <span className="font-medium">{label}</span>
        {hint ? <span className="block text-soft">{hint}</span> : null}
      </span>
    </label>
  );
}
