import { useMemo, useState } from "react";
import type { Segment } from "#domain/transcript.ts";
import type { Cite } from "./evidence.tsx";
import type { useNewPlayer } from "./player.ts";

/** What evidence chips lead to: the segments by id, and those that were pointed at last. */
export function useCitations(segments: readonly Segment[], player: ReturnType<typeof useNewPlayer>) {
  const [cited, setCited] = useState<string[]>([]);
  const segmentById = useMemo(() => new Map(segments.map((segment) => [segment.id, segment])), [segments]);
  const onCite = (ids: string[]) => {
    setCited([...ids]);
    player.playFrom(segmentById.get(ids[0] ?? "")?.start ?? 0);
  };
  const cite: Cite = { segmentById, onCite };
  return { cite, cited };
}
