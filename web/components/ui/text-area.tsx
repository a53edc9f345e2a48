import type { ComponentProps } from "react";
import { Labelled } from "./labelled.tsx";

type TextAreaProps = ComponentProps<"textarea"> & { label: string; hint?: string; problem?: string | undefined };

/** As `Field`, for text of several lines. */
export function TextArea({ label, hint, problem, className, ...rest }: TextAreaProps) {
  return (
    <Labelled label={label} hint={hint} problem={problem} className={className}>
      {(tied) => <textarea dir="auto" rows={4} className="field" {...tied} {...rest} />}
    </Labelled>
  );
}
