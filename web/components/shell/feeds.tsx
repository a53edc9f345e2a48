import type { LiveEvent } from "#domain/live.ts";
import { useLive } from "../../hooks/use-live.ts";

interface FeedsProps {
  feeds: readonly { topic: string; seq: number }[];
  onEvent: (event: LiveEvent) => void;
}

/** Follows the feeds of several topics, each from the number that the page's rows already tell. Shows nothing. */
export function Feeds({ feeds, onEvent }: FeedsProps) {
  return feeds.map(({ topic, seq }) => <Feed key={topic} topic={topic} seq={seq} onEvent={onEvent} />);
}

function Feed({ topic, seq, onEvent }: { topic: string; seq: number; onEvent: (event: LiveEvent) => void }) {
  useLive(topic, seq, onEvent);
  return null;
}
