import { href, useNavigate } from "react-router";
import { channelTopic } from "#domain/live.ts";
import type { JobView } from "#records/channels/jobs.ts";
import { useLive } from "../../hooks/use-live.ts";
import type { Head } from "../shell/live-state.ts";
import { useLiveState } from "../shell/live-state.ts";
import { showToast } from "../shell/notice-toasts.tsx";
import { applyToJobs, failureNotice, isTurnOfChannel } from "./live-jobs.ts";

interface Loaded {
  active: readonly JobView[];
  feeds: readonly Head[];
}

/**
 * A channel's jobs at work (D-53 to D-56): those of the loader's snapshot and, over the tab's one connection, every
 * event after it. `onTurn` is told when there is more to read; a failure is told to the person, once. Gives the topic
 * back when its page or the channel goes, and nobody else's. Give it the loader's own object.
 */
export function useRealtimeJobs(channelId: string, loaded: Loaded, onTurn: () => void): readonly JobView[] {
  const navigate = useNavigate();
  const topic = channelTopic(channelId);
  const [{ active }, apply] = useLiveState<Loaded>(loaded, loaded.feeds, applyToJobs);
  const seq = loaded.feeds.find((head) => head.topic === topic)?.seq ?? 0;
  useLive(topic, seq, (event) => {
    // Read anew, its page would be one that is not there.
    if (event.type === "channel.deleted") return void navigate(href("/podcasts"));
    apply(event);
    const failure = failureNotice(event);
    if (failure !== null) showToast(failure);
    if (isTurnOfChannel(event)) onTurn();
  });
  return active;
}
