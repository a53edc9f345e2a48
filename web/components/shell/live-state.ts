import { useReducer } from "react";
import type { LiveEvent } from "#domain/live.ts";

export interface Head {
  topic: string;
  seq: number;
}

interface Live<State> {
  base: State;
  state: State;
  /** What came since the base was read; an event may overtake the base that already tells it. */
  since: readonly LiveEvent[];
}

/**
 * A loader's snapshot with every event after it applied. A newer snapshot replaces the older, and the events that it
 * does not tell yet are applied again, so a reload of the loader's data neither loses an event nor repeats one.
 */
export function useLiveState<State>(
  base: State,
  heads: readonly Head[],
  apply: (state: State, event: LiveEvent) => State,
): [State, (event: LiveEvent) => void] {
  const rebased = (live: Live<State>): Live<State> => {
    if (live.base === base) return live;
    // What another page's topic told, before this one took its place, is none of this base's.
    const isNews = ({ topic, seq }: LiveEvent) => heads.some((head) => head.topic === topic && head.seq < seq);
    const since = live.since.filter(isNews);
    return { base, since, state: since.reduce(apply, base) };
  };
  const [stored, onEvent] = useReducer(
    (live: Live<State>, event: LiveEvent) => {
      const current = rebased(live);
      return { ...current, state: apply(current.state, event), since: [...current.since, event] };
    },
    base,
    (base) => ({ base, state: base, since: [] }),
  );
  return [rebased(stored).state, onEvent];
}
