import { channelTopic } from "#domain/live.ts";
import type { JobView } from "#records/channels/jobs.ts";
import { applyToJobs, isTurnOfChannel } from "#web/components/podcasts/live-jobs.ts";
import type { LiveClient } from "#web/live-client/live-client.ts";
import type { Component } from "./system.ts";

/** What a channel's page does with its channel's feed, without React around it. */
export function componentOn(client: LiveClient, agentId: string): Component {
  let state: { active: readonly JobView[] } = { active: [] };
  const handled: string[] = [];
  const { stop } = client.watch(channelTopic(agentId), 0, {
    onEvent(event) {
      const before = state;
      state = applyToJobs(state, event);
      if (state !== before || isTurnOfChannel(event)) handled.push(event.type);
    },
    onGap: () => undefined,
    onGone: () => undefined,
  });
  // Whenever it connects, it is told all that came after what it has.
  return { isReady: () => true, jobs: () => state.active.length, handled, unmount: stop };
}
