import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** What a place says while there is nothing in it: what it is for, and below it how to begin. */
export function EmptyPanel({
  icon: Icon,
  title,
  words,
  children,
}: {
  icon: LucideIcon;
  title: string;
  words: string;
  children: ReactNode;
}) {
  return (
    <div className="panel flex flex-col items-center gap-5 px-6 py-16 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-accent-wash text-accent-strong">
        <Icon size={26} aria-hidden="true" />
      </span>
      <div className="max-w-md space-y-2">
        <h2 className="text-2xl">{title}</h2>
        <p className="text-soft">{words}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">{children}</div>
    </div>
  );
}
