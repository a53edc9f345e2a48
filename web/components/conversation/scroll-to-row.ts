/** So many frames without a move, and a row counts as standing still. */
const stillFrames = 8;
/** Whatever the page does, nobody's window is held for longer. */
const mostFrames = 300;

/** What a person does to go elsewhere in the page by hand. */
export const scrollActs = ["wheel", "touchmove", "keydown", "pointerdown"] as const;
const scrollKeys = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);

/** Whether the reader scrolls with this; a pointer that is pressed on the page itself is on its scroll bar. */
export function isReadersScroll(event: Event): boolean {
  if (event.type === "pointerdown") return event.target === document.documentElement;
  if (!(event instanceof KeyboardEvent)) return true;
  const isInControl = event.target instanceof Element && event.target.closest("input, textarea, select, button, a");
  return scrollKeys.has(event.key) && !isInControl;
}

/**
 * Brings a row to the middle of the window: near by it glides, far off it jumps. Rows out of sight have only a guessed
 * height until they are painted, so the place is corrected frame by frame until the row stands still; the reader's
 * own scrolling ends it at once. Gives back how to stop.
 */
export function bringIntoView(row: HTMLElement): () => void {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const away = Math.abs(row.getBoundingClientRect().top - innerHeight / 2);
  let isGliding = !isCalm && away < innerHeight;
  let [last, still, frames] = [Number.NaN, 0, 0];
  let frame = 0;
  const place = () => {
    // One that is higher than the window shows where it begins.
    const block = row.offsetHeight > innerHeight * 0.6 ? "start" : "center";
    row.scrollIntoView({ block, behavior: isGliding ? "smooth" : "instant" });
  };
  const look = () => {
    if (!isGliding) place();
    const { top } = row.getBoundingClientRect();
    still = Math.abs(top - last) < 1 ? still + 1 : 0;
    last = top;
    frames += 1;
    if (still >= stillFrames && isGliding) [isGliding, still] = [false, 0];
    else if (still >= stillFrames || frames > mostFrames) return stop();
    frame = requestAnimationFrame(look);
  };
  const yieldToReader = (event: Event) => {
    if (isReadersScroll(event)) stop();
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const act of scrollActs) removeEventListener(act, yieldToReader);
  };
  for (const act of scrollActs) addEventListener(act, yieldToReader, { passive: true });
  place();
  frame = requestAnimationFrame(look);
  return stop;
}
