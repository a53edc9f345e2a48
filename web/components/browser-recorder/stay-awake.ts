/** Keeps the screen on while this page is shown: a phone that locks itself stops what its pages record. */
export function stayAwake(): () => void {
  if (!("wakeLock" in navigator)) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let isOver = false;
  // Browsers take it back whenever the page is hidden.
  const hold = async () => {
    if (isOver || document.visibilityState !== "visible") return;
    const lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (isOver) await lock?.release();
    else held = lock;
  };
  const onVisible = () => void hold();
  document.addEventListener("visibilitychange", onVisible);
  void hold();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", onVisible);
    void held?.release();
  };
}
