import { CircleDot, CircleSlash2 } from "lucide-react";
import { sentenceOf } from "./calendar-labels.ts";

/** Whether an event is joined, and why: an icon and a sentence, never a colour alone. */
export function DecisionMark({ join, message, isOver = false }: { join: boolean; message: string; isOver?: boolean }) {
  const Icon = join ? CircleDot : CircleSlash2;
  const look = join && !isOver ? "font-medium text-accent" : "text-soft";
  return (
    <p className={`flex items-start gap-1.5 text-sm ${look}`}>
      <Icon size={15} aria-hidden="true" className="mt-0.75 shrink-0" />
      <span className="min-w-0">{sentenceOf(message, isOver)}</span>
    </p>
  );
}
