import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { IconButton } from "../ui/button.tsx";
import type { useFind } from "./find.ts";

/** Search in the transcript, and whether the page follows what is played. */
export function TranscriptTools({
  find: { found, typed, type, step },
  follow,
  onFollow,
}: {
  find: ReturnType<typeof useFind>;
  /** Null where there is nothing to play. */
  follow: boolean | null;
  onFollow: (follow: boolean) => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div role="search" className="relative min-w-0 flex-1 basis-full sm:basis-56">
        <Search size={16} aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-soft" />
        <input
          type="search"
          aria-label="Search in the transcript"
          placeholder="Search in the transcript"
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          }}
          className="field pl-9"
        />
      </div>
      <div className="flex items-center gap-1 text-sm text-soft">
        <p role="status" className="figures whitespace-nowrap">
          {found.query === "" ? "" : found.count === 0 ? "Not found" : `${found.position} of ${found.count}`}
        </p>
        {found.count === 0 ? null : (
          <>
            <IconButton label="Previous match" onClick={() => step(-1)}>
              <ChevronUp size={17} aria-hidden="true" />
            </IconButton>
            <IconButton label="Next match" onClick={() => step(1)}>
              <ChevronDown size={17} aria-hidden="true" />
            </IconButton>
          </>
        )}
      </div>
      {follow === null ? null : (
        <label className="flex min-h-9 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={follow}
            onChange={(event) => onFollow(event.target.checked)}
            className="size-4 accent-accent"
          />
          Follow what plays
        </label>
      )}
    </div>
  );
}
