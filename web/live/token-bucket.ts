/** A budget that refills with time: `burst` at once, then `perSecond`. Gives whether one more (or `cost`) is allowed. */
export function createTokenBucket({ burst, perSecond }: { burst: number; perSecond: number }) {
  let left = burst;
  let since = Date.now();
  return function spend(cost = 1): boolean {
    const now = Date.now();
    left = Math.min(burst, left + ((now - since) / 1000) * perSecond);
    since = now;
    if (left < cost) return false;
    left -= cost;
    return true;
  };
}
