import type { ChannelView } from "#records/channels/channel-view.ts";
import { Time, useNow } from "../ui/time.tsx";

interface Looked {
  paused: boolean;
  check: ChannelView["check"];
}

/** How reading the source goes, in words; what is wrong with it stands in `problem`. */
export function CheckWords({ paused, check: { state, checkedAt, nextCheckAt, problem } }: Looked) {
  if (state === "running") return <span>Being looked at now</span>;
  if (paused) {
    return (
      <span>
        Paused
        {checkedAt === null ? null : (
          <>
            , last looked at <Time at={checkedAt} />
          </>
        )}
      </span>
    );
  }
  if (state === "none") return <span>Nothing to look at: files are put into it by hand</span>;
  if (state === "waiting") return <span>To be looked at in a moment</span>;
  return (
    <span>
      {problem !== null ? (
        "It cannot be read"
      ) : checkedAt === null ? (
        "Not looked at yet"
      ) : (
        <>
          Looked at <Time at={checkedAt} />
        </>
      )}
      {nextCheckAt === null ? null : <NextLook at={nextCheckAt} />}
    </span>
  );
}

function NextLook({ at }: { at: Date }) {
  const now = useNow(30_000);
  // What is due waits for a worker that has a hand free; the moment that it was due at tells nobody anything.
  if (now !== null && at.getTime() - now.getTime() < 60_000) return ", next look in a moment";
  return (
    <>
      , next look <Time at={at} />
    </>
  );
}
