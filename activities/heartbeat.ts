import { heartbeat } from "@temporalio/activity";

/** Gives an activity's signs of life until the end of its scope: `using _heartbeat = startHeartbeat()`. */
export function startHeartbeat(): Disposable {
  const timer = setInterval(() => heartbeat(), 1_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
