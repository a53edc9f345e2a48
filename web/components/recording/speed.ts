import { useSyncExternalStore } from "react";

export const speeds = [0.75, 1, 1.25, 1.5, 2] as const;

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const stored = () => speeds.find((speed) => speed === Number(localStorage.getItem("speed"))) ?? 1;

/** How fast recordings play; the browser remembers it for the next one. */
export const useSpeed = () => useSyncExternalStore(subscribe, stored, () => 1);

export function keepSpeed(speed: string) {
  localStorage.setItem("speed", speed);
  listeners.forEach((listener) => listener());
}
