import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const kinds = {
  info: { icon: Info, look: "border-line bg-sunken text-ink" },
  good: { icon: CircleCheck, look: "border-accent bg-accent-wash text-accent-strong" },
  warn: { icon: TriangleAlert, look: "border-warn bg-warn-wash text-warn" },
  bad: { icon: CircleAlert, look: "border-danger bg-danger-wash text-danger" },
} as const;

/** A sentence or two that stands out; `role` makes it said aloud where it appears after an action. */
export function Notice({
  kind,
  role,
  children,
}: {
  kind: keyof typeof kinds;
  role?: "alert" | "status";
  children: ReactNode;
}) {
  const { icon: Icon, look } = kinds[kind];
  return (
    <div role={role} className={`flex gap-3 rounded-xl border px-4 py-3 text-sm ${look}`}>
      <Icon size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
