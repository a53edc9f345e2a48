import { Ban, CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { notHeardWords, statusWords } from "./run-labels.ts";

const looks: Record<string, string> = {
  Ready: "text-accent",
  Failed: "text-danger",
  [notHeardWords]: "text-danger",
  Cancelled: "text-soft",
};

/** A run's state as an icon and a word, never as a colour alone. */
export function StatusBadge(run: Parameters<typeof statusWords>[0]) {
  const words = statusWords(run);
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium ${looks[words] ?? "text-warn"}`}>
      <StatusIcon words={words} />
      {words}
    </span>
  );
}

function StatusIcon({ words }: { words: string }) {
  const props = { size: 15, "aria-hidden": true } as const;
  if (words === "Ready") return <CircleCheck {...props} />;
  if (words === "Failed" || words === notHeardWords) return <CircleX {...props} />;
  if (words === "Cancelled") return <Ban {...props} />;
  return <CircleDashed {...props} className={words === "Waiting" ? "" : "animate-breathe"} />;
}
