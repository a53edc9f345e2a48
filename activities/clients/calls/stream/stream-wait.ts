/** The work's outcome, or the signal's reason as soon as it aborts; what the work still brings then goes to `late`. */
export async function orAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
  late: (value: Value) => void = () => {},
): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => {
    work.then(late, () => {});
    aborted.reject(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
