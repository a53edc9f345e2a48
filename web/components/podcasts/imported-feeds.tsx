import { Link, href } from "react-router";
import type { ImportedFeed } from "#records/channels/import-feeds.ts";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";

const words: Record<ImportedFeed["result"], string> = { added: "Added", skipped: "Skipped", refused: "Not added" };

/** What came of each feed of a list. */
export function ImportedFeeds({ feeds }: { feeds: readonly ImportedFeed[] }) {
  const added = feeds.filter(({ result }) => result === "added").length;
  const rest = feeds.length - added;
  return (
    <section aria-labelledby="imported" className="space-y-4">
      <h2 id="imported" className="sr-only">
        What came of the list
      </h2>
      <Notice kind={added > 0 ? "good" : "bad"} role="status">
        {plural(added, "channel")} added{rest === 0 ? "." : `; ${plural(rest, "feed")} not, for the reasons below.`}
      </Notice>
      <ul aria-label="Feeds of the list" className="panel divide-y divide-line">
        {feeds.map((feed, at) => (
          // A list may name a feed twice.
          <li key={at} className="space-y-0.5 px-4 py-3 sm:px-5">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <Named feed={feed} />
              <span className={`text-sm ${feed.result === "refused" ? "text-danger" : "text-soft"}`}>
                {words[feed.result]}
              </span>
            </p>
            <p className="text-sm break-all text-soft">{feed.url}</p>
            {feed.message === "" ? null : <p className="text-sm">{feed.message}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Named({ feed: { title, url, channelId } }: { feed: ImportedFeed }) {
  const name = title === "" ? url : title;
  if (channelId === null) return <span className="min-w-0 font-semibold break-words">{name}</span>;
  return (
    <Link to={href("/podcasts/:id", { id: channelId })} className="min-w-0 font-semibold break-words hover:underline">
      {name}
    </Link>
  );
}
