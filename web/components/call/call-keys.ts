import { useEffect, useEffectEvent, useState } from "react";

const storageKey = "convene.call.keys";

/** The call's two keys. A single letter must be able to be turned off: who dictates presses letters unawares. */
export function useCallKeys({ onMute, onInterrupt }: { onMute: () => void; onInterrupt: () => void }) {
  const [isOn, setOn] = useState(() => read() !== "off");
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isDialogOpen()) return;
    if (event.key === "Escape") return onInterrupt();
    if (event.key.toLowerCase() !== "m" || event.repeat || isTyping(event.target)) return;
    event.preventDefault();
    onMute();
  });
  useEffect(() => {
    if (!isOn) return;
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [isOn]);
  return {
    isOn,
    turn(on: boolean) {
      setOn(on);
      keep(on ? "on" : "off");
    },
  };
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

const isDialogOpen = () => document.querySelector("[role=alertdialog], [role=dialog]") !== null;

function read(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

// A browser may refuse storage; then the choice holds until the page is left.
function keep(value: string) {
  try {
    localStorage.setItem(storageKey, value);
  } catch {}
}
