import { Button } from "../ui/button.tsx";
import { bytes } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import type { Unfinished } from "./uploader.ts";

/** Uploads that a reload or a closed page has cut short. A page may not keep a file, so it has to be chosen again. */
export function UnfinishedUploads({
  unfinished,
  onForget,
}: {
  unfinished: readonly Unfinished[];
  onForget: (storageKey: string) => void;
}) {
  if (unfinished.length === 0) return null;
  return (
    <Notice kind="info">
      <p className="font-medium">Not finished yet</p>
      <p>Choose the same file again and it goes on where it stopped.</p>
      <ul className="mt-2 space-y-1">
        {unfinished.map(({ name, size, storageKey }) => (
          <li key={storageKey} className="flex flex-wrap items-center gap-x-3">
            <span className="min-w-0 truncate">
              {name}, {bytes(size)}
            </span>
            <Button look="quiet" onClick={() => onForget(storageKey)} aria-label={`Forget ${name}`}>
              Forget
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
