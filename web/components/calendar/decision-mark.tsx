import { CircleDot, CircleSlash2 } from "lucide-react";
import { sentenceOf } from "./calendar-labels.ts";

interface DecisionMarkProps {
  join: boolean;
  message: string;
  /** It is settled: see `isSettled`. */
  wasToBe?: boolean;
}

/** Whether an event is joined, and why: an icon and a sentence, never a colour alone. */
export function DecisionMark({ join, message, wasToBe = false }: DecisionMarkProps) {
  const Icon = join ? CircleDot : CircleSlash2;
  const look = join && !wasToBe ? "font-medium text-accent" : "text-soft";
  return (
    <p className={`flex items-start gap-1.5 text-sm ${look}`}>
      <Icon size={15} aria-hidden="true" className="mt-0.75 shrink-0" />
      <span className="min-w-0">{sentenceOf(message, wasToBe)}</span>
    </p>
  );
}
