import { useEffect, useRef } from "react";
import type { FocusEvent } from "react";

/**
 * For a part of a page whose buttons go away by what they do: the focus, which would fall to the top of the page, goes to
 * the part's `focusHome`, or to the button that took the place. Spread it on the part's element; of parts within each
 * other the innermost that is still there has it. Dialogs that its buttons open belong to it.
 */
export function useKeptFocus<Part extends HTMLElement>() {
  const part = useRef<Part>(null);
  const watch = useRef<MutationObserver | null>(null);
  const stop = () => {
    watch.current?.disconnect();
    watch.current = null;
  };
  useEffect(() => () => watch.current?.disconnect(), []);
  return {
    ref: part,
    onFocus({ target }: FocusEvent) {
      stop();
      watch.current = new MutationObserver(() => {
        if (target.isConnected) return;
        stop();
        if (document.activeElement !== document.body) return;
        part.current?.querySelector<HTMLElement>(`[${homeMark}], button`)?.focus({ preventScroll: true });
      });
      // The dialogs lie outside of the part.
      watch.current.observe(document.body, { childList: true, subtree: true });
    },
    onBlur({ target }: FocusEvent) {
      const left = watch.current;
      // Whoever goes away from what stays has taken the focus along.
      queueMicrotask(() => {
        if (target.isConnected && watch.current === left) stop();
      });
    },
  };
}

const homeMark = "data-focus-home";
/** Makes a heading the place that its part's focus goes to. */
export const focusHome = { tabIndex: -1, [homeMark]: true } as const;
