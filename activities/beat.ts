import { heartbeat } from "@temporalio/activity";

/** Gives an activity's signs of life until the end of its scope: `using _beating = beat()`. */
export function beat(): Disposable {
  const beating = setInterval(() => heartbeat(), 1_000);
  return { [Symbol.dispose]: () => clearInterval(beating) };
}
