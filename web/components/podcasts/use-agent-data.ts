import { useEffect, useRef } from "react";
import { useLoaderData, useRevalidator } from "react-router";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";

/**
 * What was read of the channel, and how to read it again: now, or, where it is being read already, right after. So a
 * burst of news is read once or twice, and what came last is never left out.
 */
export function useAgentData() {
  const data = useLoaderData<() => Promise<ChannelData>>();
  const { state, revalidate } = useRevalidator();
  const isWanted = useRef(false);
  useEffect(() => {
    if (state !== "idle" || !isWanted.current) return;
    isWanted.current = false;
    void revalidate();
  }, [state, revalidate]);
  const readAgain = () => {
    if (state === "idle") void revalidate();
    else isWanted.current = true;
  };
  return { data, readAgain };
}
