import { Archive, CircleCheck, CircleX, Clock, Hourglass } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { DeliveryState } from "#records/queues/inbox-lists.ts";

interface Words {
  word: string;
  /** What it means, for who looks at one delivery. */
  meaning: string;
  icon: LucideIcon;
  look: string;
}

export const deliveryStateLabels: Record<DeliveryState, Words> = {
  new: {
    word: "Waiting",
    meaning: "It waits to be handed to its meeting's workflow; it is tried again until that succeeds, for a day.",
    icon: Hourglass,
    look: "text-warn",
  },
  dead: {
    word: "Dead",
    meaning: "It could not be handed over within a day, or could not be read. Mend the cause, then replay it.",
    icon: CircleX,
    look: "text-danger",
  },
  late: {
    word: "Late",
    meaning: "Its meeting was over, or deleted, when it came. It is kept and moves nothing.",
    icon: Clock,
    look: "text-soft",
  },
  done: {
    word: "Done",
    meaning: "Its meeting's workflow has it.",
    icon: CircleCheck,
    look: "text-accent",
  },
  ignored: {
    word: "Kept only",
    meaning: "No meeting waits for deliveries of this kind. It is kept for thirty days and moves nothing.",
    icon: Archive,
    look: "text-soft",
  },
};

/** What became of a delivery, as an icon and a word, never as a colour alone. */
export function StateBadge({ state }: { state: DeliveryState }) {
  const { word, icon: Icon, look } = deliveryStateLabels[state];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap ${look}`}>
      <Icon size={15} aria-hidden="true" />
      {word}
    </span>
  );
}
