import type { LiveEvent } from "#domain/live.ts";

/** Follows the feeds of several topics, each from the number that the page's rows already tell. Shows nothing. */
export function Feeds({
  feeds,
  onEvent,
}: {
  feeds: readonly { topic: string; seq: number }[];
  onEvent: (event: LiveEvent) => void;
}) {
  return feeds.map(({ topic, seq }) => <Feed key={topic} topic={topic} seq={seq} onEvent={onEvent} />);
}

function Feed(_props: { topic: string; seq: number; onEvent: (event: LiveEvent) => void }) {
  return null;
}
