import { Podcast } from "lucide-react";
import { Link, href } from "react-router";
import type { ChannelView } from "#records/channels/channel-view.ts";
import { plural } from "../ui/format.ts";
import { CheckWords } from "./check-status.tsx";

export interface ListedChannel {
  id: string;
  title: string;
  host: string | null;
  paused: boolean;
  check: ChannelView["check"];
  episodes: number;
  activeJobs: number;
  /** Null: the person's own. */
  workspace: string | null;
}

/** Channels as a list of links to their pages. */
export function ChannelList({ channels }: { channels: readonly ListedChannel[] }) {
  return (
    <ul aria-label="Channels" className="panel divide-y divide-line overflow-hidden">
      {channels.map((channel) => (
        <li key={channel.id} className="relative flex gap-4 px-4 py-4 transition-colors hover:bg-sunken sm:px-5">
          <Podcast size={20} aria-hidden="true" className="mt-1 hidden shrink-0 text-soft sm:block" />
          <ChannelItem channel={channel} />
        </li>
      ))}
    </ul>
  );
}

function ChannelItem({ channel }: { channel: ListedChannel }) {
  const { id, title, host, paused, check, episodes, activeJobs, workspace } = channel;
  return (
    <div className="min-w-0 flex-1 space-y-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <Link
          to={href("/podcasts/:id", { id })}
          prefetch="intent"
          dir="auto"
          className="min-w-0 font-serif text-lg leading-snug font-semibold break-words after:absolute after:inset-0"
        >
          {title}
        </Link>
        <span className="text-sm text-soft">
          {plural(episodes, "episode")}
          {activeJobs === 0 ? "" : `, ${plural(activeJobs, "job")} at work`}
        </span>
      </div>
      <p className="flex flex-wrap gap-x-3 text-sm text-soft">
        <span className="min-w-0 break-all">{host ?? "Own files"}</span>
        <CheckWords paused={paused} check={check} />
        {workspace === null ? null : <span>{workspace}</span>}
      </p>
      {check.problem === null ? null : <p className="text-sm text-danger">{check.problem.message}</p>}
    </div>
  );
}
