import { createContext, use, useState, useSyncExternalStore } from "react";

const changes = ["timeupdate", "seeking", "loadedmetadata", "play", "pause", "ended", "ratechange"] as const;
const jumps = ["play", "seeking"] as const;

/** The one audio element of a recording's page, which may come late, and those who follow it. Times are seconds. */
function createPlayer() {
  let element: HTMLAudioElement | null = null;
  const listeners = new Set<() => void>();
  const jumpListeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());
  const tellJump = () => jumpListeners.forEach((listener) => listener());
  /** The element's `ref`. */
  const attach = (audio: HTMLAudioElement) => {
    element = audio;
    for (const change of changes) audio.addEventListener(change, tell);
    for (const jump of jumps) audio.addEventListener(jump, tellJump);
    tell();
    return () => {
      element = null;
      for (const change of changes) audio.removeEventListener(change, tell);
      for (const jump of jumps) audio.removeEventListener(jump, tellJump);
    };
  };
  /** Goes to a place and plays from there. */
  const playFrom = (seconds: number) => {
    if (element === null) return;
    element.currentTime = seconds;
    // A browser may refuse to play before the person has touched the page; the place is right all the same.
    element.play().catch(() => {});
  };
  const moveTo = (seconds: number) => {
    if (element !== null) element.currentTime = Math.max(0, seconds);
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  /** Hears of it when somebody goes to another place of the sound, or sets it going. */
  const onJump = (listener: () => void) => {
    jumpListeners.add(listener);
    return () => void jumpListeners.delete(listener);
  };
  return { attach, audio: () => element, playFrom, moveTo, subscribe, onJump };
}
type Player = ReturnType<typeof createPlayer>;

const PlayerContext = createContext<Player | null>(null);
export const PlayerProvider = PlayerContext.Provider;

export const useNewPlayer = (): Player => useState(createPlayer)[0];

export function usePlayer(): Player {
  const player = use(PlayerContext);
  if (player === null) throw new Error("usePlayer needs a PlayerProvider above it");
  return player;
}

/** A value read from the audio; the component renders anew only when that value changes. */
export function usePlaying<T extends string | number | boolean | null>(
  read: (audio: HTMLAudioElement) => T,
  before: T,
): T {
  const { audio, subscribe } = usePlayer();
  const current = () => {
    const element = audio();
    return element === null ? before : read(element);
  };
  return useSyncExternalStore(subscribe, current, () => before);
}
