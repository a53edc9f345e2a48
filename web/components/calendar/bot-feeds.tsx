import { useRevalidator } from "react-router";
import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent } from "#domain/live.ts";
import { Feeds } from "../shell/feeds.tsx";
import type { Head } from "../shell/live-state.ts";

/** Reads the page's events anew when a bot's visit moves on, which is told in its workspace. */
export function BotFeeds({ feeds }: { feeds: readonly Head[] }) {
  const { revalidate } = useRevalidator();
  const onEvent = (event: LiveEvent) => {
    if (isRunEvent(event) && event.data.kind === "recorder") void revalidate();
  };
  return <Feeds feeds={feeds} onEvent={onEvent} />;
}
