/** How far something is, in whole percent; `words` is what is said aloud for it. */
export function Progress({ percent, words, label }: { percent: number; words: string; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={words}
      className="h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-300"
        style={{ width: `${Math.max(percent, 1)}%` }}
      />
    </div>
  );
}
