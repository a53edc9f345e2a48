import type { ComponentProps } from "react";
import { Labelled } from "./labelled.tsx";

type FieldProps = ComponentProps<"input"> & { label: string; hint?: string; problem?: string | undefined };

/** A labelled input with its hint and what is wrong with it, tied together for assistive technology. */
export function Field({ label, hint, problem, className, ...input }: FieldProps) {
  return (
    <Labelled label={label} hint={hint} problem={problem} className={className}>
      {(tied) => <input dir="auto" className="field" {...tied} {...input} />}
    </Labelled>
  );
}

type SelectProps = ComponentProps<"select"> & {
  label: string;
  options: readonly { value: string; words: string }[];
  problem?: string | undefined;
};

export function Select({ label, options, problem, className, ...select }: SelectProps) {
  return (
    <Labelled label={label} problem={problem} className={className}>
      {(tied) => (
        <select className="field" {...tied} {...select}>
          {options.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
