import { useId } from "react";
import type { ReactNode } from "react";

interface ChoiceProps {
  label: string;
  isOn: boolean;
  /** Whether there is nothing to choose here. */
  isFixed: boolean;
  onTurn: (isOn: boolean) => void;
  /** What it means. */
  children: ReactNode;
}

/** A tick box with a sentence below it. */
export function Choice({ label, isOn, isFixed, onTurn, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-5 shrink-0 accent-accent"
        checked={isOn}
        disabled={isFixed}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onTurn(event.target.checked)}
      />
      <div className="min-w-0 space-y-0.5">
        <label htmlFor={id} className="block text-sm font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-sm text-soft">
          {children}
        </p>
      </div>
    </div>
  );
}
