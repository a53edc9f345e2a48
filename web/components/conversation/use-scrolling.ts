import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { usePlayer, usePlaying } from "./player.ts";
import { bringIntoView, isReadersScroll, scrollActs } from "./scroll-to-row.ts";

interface Wanted {
  /** The row whose words play, or null. */
  playing: string | null;
  /** Whether the reader wants what plays to be followed at all. */
  follow: boolean;
  /** The row that evidence points at; a new array each time that it does. */
  cited: readonly string[];
  /** The place that a search looks at. */
  current: { segmentId: string } | null;
}

/**
 * Moves the transcript to what plays, is pointed at or searched for. Who scrolls or searches while it plays is left
 * where they are, until they go on from another place of the sound, press play, or ask to be brought back.
 */
export function useScrolling({ playing, follow, cited, current }: Wanted) {
  const list = useRef<HTMLOListElement | null>(null);
  const stop = useRef(() => {});
  const [isHeld, setHeld] = useState(false);
  const [seen, setSeen] = useState({ current, follow });
  if (seen.current !== current || seen.follow !== follow) {
    setSeen({ current, follow });
    if (seen.follow !== follow) setHeld(false);
    else if (current !== null) setHeld(true);
  }
  const { onJump } = usePlayer();
  const isOn = usePlaying((audio) => !audio.paused && !audio.ended, false);
  const isFollowing = follow && !isHeld;

  const show = useCallback((segmentId: string) => {
    stop.current();
    const row = list.current?.querySelector<HTMLElement>(`[data-segment="${CSS.escape(segmentId)}"]`);
    stop.current = row ? bringIntoView(row) : () => {};
  }, []);
  useEffect(() => () => stop.current(), []);

  const hold = useEffectEvent((event: Event) => {
    if (isOn && isReadersScroll(event)) setHeld(true);
  });
  useEffect(() => {
    const listen = (event: Event) => hold(event);
    for (const act of scrollActs) addEventListener(act, listen, { passive: true });
    return () => {
      for (const act of scrollActs) removeEventListener(act, listen);
    };
  }, []);
  useEffect(() => onJump(() => setHeld(false)), [onJump]);
  useEffect(() => {
    if (current !== null) show(current.segmentId);
  }, [current, show]);
  useEffect(() => {
    if (isFollowing && playing !== null) show(playing);
  }, [isFollowing, playing, show]);
  // After what plays: should both have changed, the row that was pointed at is the one to look at.
  useEffect(() => {
    if (cited[0] !== undefined) show(cited[0]);
  }, [cited, show]);

  return { list, isAway: follow && isHeld && isOn && playing !== null, comeBack: () => setHeld(false) };
}
