import { Ban, CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { notHeardLabel, statusLabel } from "./run-labels.ts";

const looks: Record<string, string> = {
  Ready: "text-accent",
  Failed: "text-danger",
  [notHeardLabel]: "text-danger",
  Cancelled: "text-soft",
};

/** A run's state as an icon and a word, never as a colour alone. */
export function StatusBadge(run: Parameters<typeof statusLabel>[0]) {
  const words = statusLabel(run);
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
  if (words === "Failed" || words === notHeardLabel) return <CircleX {...props} />;
  if (words === "Cancelled") return <Ban {...props} />;
  return <CircleDashed {...props} className={words === "Waiting" ? "" : "animate-breathe"} />;
}
