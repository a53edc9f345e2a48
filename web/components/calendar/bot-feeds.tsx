import { useRevalidator } from "react-router";
import type { LiveEvent, RunEventData } from "#domain/live.ts";
import { Feeds } from "../feeds.tsx";
import type { Head } from "../live-state.ts";

/** Reads the page's events anew when a bot's visit moves on, which is told in its workspace. */
export function BotFeeds({ feeds }: { feeds: readonly Head[] }) {
  const { revalidate } = useRevalidator();
  const onEvent = ({ type, data }: LiveEvent) => {
    if (type.startsWith("run.") && (data as RunEventData).kind === "recorder") void revalidate();
  };
  return <Feeds feeds={feeds} onEvent={onEvent} />;
}
